"""``describe``: what the data in memory, or in a file, consist of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.files.file_names import naming_a_file, read_file_name
from engine.data.dataset import Dataset
from engine.data.sources import find
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule
from engine.results.stored import Stored
from engine.tables.document import Lines

DECLARATION = CommandDecl(
    name="describe",
    minimum=1,
    title="Describe data",
    help="Shows the variables with their storage types, display formats, value labels and labels.",
    menu=("Data", "Describe data", "Describe data in memory or in a file"),
    varlist=VarlistRule.OPTIONAL,
    using=True,
    options=(
        OptionDecl(
            name="simple",
            minimum=2,
            label="Names only",
            help="Show the names of the variables alone.",
            page="model",
        ),
        OptionDecl(
            name="short",
            minimum=1,
            label="Summary only",
            help="Show the size of the data without the variables.",
            page="model",
        ),
    ),
    examples=("describe", "describe mathach ses", "describe, short"),
)


def run(command: Command, context: Context) -> Effects:
    """Print the description; r() holds N, k and width."""
    from engine.tables.data import describe_closing, describe_heading, describe_table, simple_names

    part = command.main
    if part.has("simple") and part.has("short"):
        raise StataError(184, "options simple and short may not be combined")
    dataset = context.dataset
    if part.using is not None:
        from engine.data.foreign.readers import read_file

        with naming_a_file(part.using_span):
            source = find(read_file_name(part.using), sink=context.sink, cancel=context.cancel)
            dataset = replace(read_file(source.path, shown=source.shown).dataset, path=source.shown)
    listed = resolve_names(part.body, dataset, span=part.body_span) if part.body else dataset.names
    variables = [dataset.variable(name) for name in listed]
    linesize = context.settings.linesize
    heading = describe_heading(dataset, linesize)
    if part.has("simple"):
        context.emit(simple_names(listed, linesize))
    elif part.body:
        context.emit(Lines(("",)), describe_table(variables, linesize, whole=False))
    elif part.has("short"):
        context.emit(Lines(("",)), heading, describe_closing(dataset))
    else:
        table = (describe_table(variables, linesize, whole=True),) if variables else ()
        context.emit(Lines(("",)), heading, *table, describe_closing(dataset))
    return Effects(r=_stored(dataset))


def _stored(dataset: Dataset) -> Stored:
    width = sum(_bytes(variable.storage) for variable in dataset.variables)
    scalars = {
        "N": float(dataset.n_obs),
        "k": float(len(dataset.variables)),
        "width": float(width),
        "changed": float(dataset.changed),
    }
    macros = {"varlist": " ".join(dataset.names), "sortlist": " ".join(dataset.sorted_by)}
    return Stored(scalars, macros)


def _bytes(storage: str) -> int:
    if storage == "strL":
        return 8
    if storage.startswith("str"):
        return int(storage[3:])
    return np.dtype({"byte": "i1", "int": "i2", "long": "i4", "float": "f4", "double": "f8"}[storage]).itemsize
