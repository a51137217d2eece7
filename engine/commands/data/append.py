"""``append``: the observations of other data sets below those in memory ([D] append)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.data.second_data import label_tables, read_second, same_kind, taken, united
from engine.commands.words import split_words
from engine.data.dataset import Dataset, Variable, new_row_ids
from engine.data.missing import from_doubles
from engine.errors import StataError
from engine.frame.resolve import check_new_name, resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule

DECLARATION = CommandDecl(
    name="append",
    minimum=3,
    title="Append datasets",
    help="append using FILE adds the observations of other data sets below those in memory.",
    menu=("Data", "Combine datasets", "Append datasets"),
    varlist=VarlistRule.NONE,
    using=True,
    options=(
        OptionDecl(
            name="generate",
            minimum=3,
            kind=OptionKind.NAME,
            label="Mark the source",
            help="Name of a variable: 0 for the data in memory, 1, 2, … for the files.",
            page="model",
        ),
        OptionDecl(
            name="keep",
            minimum=4,
            kind=OptionKind.TEXT,
            label="Variables to add",
            help="Variables that are taken from the files; all otherwise.",
            page="model",
        ),
        OptionDecl(
            name="nolabel", minimum=3, label="No value labels", help="Do not add value labels of the files.",
            page="model",
        ),
        OptionDecl(name="nonotes", minimum=6, label="No notes", help="Do not add notes of the files.", page="model"),
        OptionDecl(
            name="force",
            minimum=5,
            label="Text and numbers",
            help="Where a variable is text in one and numbers in the other, let the added values be missing.",
            page="model",
        ),
    ),
    examples=("append using pig2", 'append using "wave 2", generate(wave)'),
)  # fmt: skip


def run(command: Command, context: Context) -> Effects:
    """Add the observations; r(106) for text below numbers without force."""
    part, dataset = command.main, context.dataset
    if part.using is None or part.using_span is None:
        raise StataError(100, "append needs using and the name of a file")
    typed = command.text[slice(*part.using_span)]
    words = split_words(typed)
    names = [typed] if not any(word.quoted for word in words) and len(words) == 1 else [word.text for word in words]
    marked = ""
    use = part.option("generate")
    if use is not None and use.argument:
        marked = check_new_name(use.argument, dataset, use.argument_span)
    source = np.zeros(dataset.n_obs)
    for number, name in enumerate(names, start=1):
        added = _wanted(read_second(f'"{name}"' if " " in name else name, part.using_span, context), part)
        dataset = _appended(dataset, added, part, context) if dataset.variables else replace(added, changed=True)
        source = np.concatenate([source, np.full(added.n_obs, float(number))])
        context.cancel.check()
    if marked:
        dataset = dataset.with_variable(Variable(marked, "byte", "%8.0g"), from_doubles(source, "byte"))
    return Effects(dataset=dataset)


def _wanted(added: Dataset, part: Part) -> Dataset:
    use = part.option("keep")
    if use is None or not use.argument:
        return added
    return added.keep_variables(resolve_names(use.argument, added, span=use.argument_span))


def _appended(dataset: Dataset, added: Dataset, part: Part, context: Context) -> Dataset:
    """Return both data sets, one below the other."""
    n, m = dataset.n_obs, added.n_obs
    above = np.concatenate([np.arange(n), np.full(m, -1)])
    below = np.concatenate([np.full(n, -1), np.arange(m)])
    columns, variables = {}, []
    for variable in dataset.variables:
        if variable.name not in added:
            variables.append(variable)
            columns[variable.name] = taken(dataset, variable.name, above, variable.storage)
            continue
        other = added.variable(variable.name)
        if variable.is_string != other.is_string and part.has("force"):
            context.say(
                f"(variable {variable.name} is {variable.storage} in master but {other.storage} in using data; "
                "the added values are missing)"
            )
            variables.append(variable)
            columns[variable.name] = taken(dataset, variable.name, above, variable.storage)
            continue
        same_kind(variable, other, part.using_span)
        both = united(variable, replace(other, value_label="" if part.has("nolabel") else other.value_label))
        if both.storage != variable.storage:
            context.say(
                f"(variable {variable.name} was {variable.storage}, now {both.storage} to accommodate using data's "
                "values)"
            )
        variables.append(both)
        parts = [
            taken(dataset, variable.name, np.arange(n), both.storage),
            taken(added, variable.name, np.arange(m), both.storage),
        ]
        columns[variable.name] = np.concatenate(parts)
    for variable in added.variables:
        if variable.name not in dataset:
            variables.append(replace(variable, value_label="" if part.has("nolabel") else variable.value_label))
            columns[variable.name] = taken(added, variable.name, below, variable.storage)
    labels = label_tables(dataset, tuple(added.value_labels.values()), context, nolabel=part.has("nolabel"))
    notes = dataset.notes if part.has("nonotes") else (*dataset.notes, *added.notes)
    return replace(
        dataset, variables=tuple(variables), columns=columns, n_obs=n + m, sorted_by=(), changed=True, notes=notes,
        row_ids=np.concatenate([dataset.row_ids, new_row_ids(m)]), value_labels=labels,
    )  # fmt: skip
