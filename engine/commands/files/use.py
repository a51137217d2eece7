"""``use``: data from a file, an example or an address."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.commands.files.arriving import CLEAR, refuse_loss
from engine.commands.files.file_names import naming_a_file, read_file_name
from engine.data.dataset import Dataset
from engine.data.sources import Source, find
from engine.frame.resolve import resolve_names
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, Picks, VarlistRule

DECLARATION = CommandDecl(
    name="use",
    minimum=1,
    title="Open data",
    help="Loads a data file: by name, by path, from the examples or from an http(s) address. Files of other programs "
    "(.csv, .xlsx, .sav, .sas7bdat, .parquet, .rds …) are read as import reads them.",
    menu=("File", "Open..."),
    varlist=VarlistRule.TEXT,
    picks=Picks.DATA_SETS,
    allow_if=True,
    allow_in=True,
    using=True,
    options=(
        CLEAR,
        OptionDecl(
            name="nolabel",
            minimum=3,
            label="Leave out value labels",
            help="Load the data without their value labels.",
            page="model",
        ),
    ),
    examples=("use hsb", "use pig, clear", "use id mathach using hsb if female, clear"),
)


def run(command: Command, context: Context) -> Effects:
    """Load the file; r(4) when data in memory would be lost, r(601) when it is not found."""
    from engine.frame.sample import select

    part = command.main
    refuse_loss(context, clear=part.has("clear"))
    typed, place = (part.body, part.body_span) if part.using is None else (part.using, part.using_span)
    with naming_a_file(place):
        source = find(read_file_name(typed), sink=context.sink, cancel=context.cancel)
        dataset = load(source, context)
    if part.if_ is not None or part.in_ is not None:
        lookup = replace(context, dataset=dataset).lookup
        dataset = dataset.take(select(dataset, part.if_, part.in_, lookup=lookup))
    if part.using is not None and part.body:
        dataset = dataset.keep_variables(resolve_names(part.body, dataset, span=part.body_span))
    if part.has("nolabel"):
        variables = tuple(replace(variable, value_label="") for variable in dataset.variables)
        dataset = replace(dataset, variables=variables, value_labels={})
    return Effects(dataset=replace(dataset, changed=False))


def load(source: Source, context: Context) -> Dataset:
    """Read a data file of any kind and print its label, as Stata does, and what was decided on the way."""
    from engine.data.foreign.readers import read_file

    arrival = read_file(source.path, shown=source.shown)
    dataset = replace(arrival.dataset, path=source.shown)
    if dataset.label:
        context.say(f"({dataset.label})")
    if arrival.remarks:
        context.say(*arrival.remarks)
    return dataset
