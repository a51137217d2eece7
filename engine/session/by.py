"""``by`` and ``bysort``: a command within groups, or once per group ([D] by)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from engine.commands.base import Context, Effects, Run
from engine.commands.data.sort import order_of
from engine.data.dataset import Dataset
from engine.data.formats import format_value
from engine.errors import Break, StataError
from engine.frame.bygroups import ByGroups, by_groups
from engine.frame.resolve import resolve_names
from engine.lang.command import Command, Prefix
from engine.lang.declaration import ByRule
from engine.tables.document import Role

_ARGUMENT = re.compile(r"(?P<names>[^(),]+)(?:\((?P<order>[^()]*)\)\s*)?(?:,(?P<options>[^,]*))?")


@dataclass(frozen=True, slots=True)
class ByRequest:
    """A ``by`` prefix read: the variables that form groups, those that only order, and its options."""

    names: tuple[str, ...]
    order: tuple[str, ...]
    sort: bool
    go_on: bool


def read_by(prefix: Prefix, text: str, dataset: Dataset) -> ByRequest:
    """Read a prefix; r(198) for what is no list of variables, r(111) for names that are not there."""
    match = _ARGUMENT.fullmatch(prefix.argument)
    begin = prefix.span[0] if prefix.span is not None else 0
    if match is None:
        message = f"{prefix.argument} is not understood: write by group: or bysort group (order):"
        raise StataError(198, message, prefix.span)
    start = text.index(prefix.argument, begin + 2)
    names = _resolved(match["names"], start, dataset)
    order = _resolved(match["order"] or "", start + max(match.start("order"), 0), dataset)
    options = (match["options"] or "").split()
    for option in options:
        if option not in ("sort", "s", "rc0"):
            raise StataError(198, f"option {option} not allowed: by takes sort and rc0", prefix.span)
    sort = prefix.name == "bysort" or bool({"sort", "s"} & set(options))
    return ByRequest(names, tuple(name for name in order if name not in names), sort, "rc0" in options)


def _resolved(text: str, start: int, dataset: Dataset) -> tuple[str, ...]:
    words = text.strip()
    first = start + len(text) - len(text.lstrip())
    return resolve_names(words, dataset, span=(first, first + len(words))) if words else ()


def sorted_for(request: ByRequest, dataset: Dataset, prefix: Prefix) -> Dataset:
    """Return the data in the order that the prefix needs; r(5) when they are not and it does not sort."""
    keys = (*request.names, *request.order)
    if dataset.sorted_by[: len(keys)] == keys:
        return dataset
    if not request.sort:
        message = f"not sorted: the data are not in the order of {' '.join(keys)}; write bysort, or sort them first"
        raise StataError(5, message, prefix.span)
    return dataset.take(order_of(dataset, [(name, False) for name in keys]), sorted_by=keys)


def run_by(command: Command, context: Context, run: Run, request: ByRequest) -> Effects:
    """Run the command within or once per group; r(190) for a command that takes no ``by``."""
    rule = command.decl.by
    if rule is ByRule.REFUSED:
        raise StataError(190, f"{command.decl.name} may not be combined with by")
    groups = by_groups(context.dataset, request.names)
    if rule is ByRule.WITHIN:
        context.groups = groups
        return run(command, context)
    return _each(command, context, run, groups, go_on=request.go_on)


def _each(command: Command, context: Context, run: Run, groups: ByGroups, *, go_on: bool) -> Effects:
    """Run the command on the observations of each group in turn; what it leaves behind is the last group's."""
    result = Effects()
    for start, size in zip(groups.starts, groups.sizes, strict=True):
        context.cancel.check()
        part = context.dataset.take(np.arange(start, start + size))
        part = replace(part, changed=context.dataset.changed)
        place = _place(part, groups.names)
        context.say("", "-" * context.settings.linesize, "-> " + ", ".join(_shown(part, name) for name in groups.names))
        own = replace(context, dataset=part, spaced=True)
        try:
            effects = run(command, own)
        except Break:
            raise
        except StataError as error:
            if not go_on:
                raise
            context.say(*error.message.split("\n"), f"r({error.rc});", role=Role.ERROR)
            continue
        if effects.dataset is not None:
            raise StataError(190, f"{command.decl.name} that changes the data may not be combined with by")
        tables = tuple(replace(table, by=place) for table in effects.tables)
        result = replace(
            effects,
            tables=(*result.tables, *tables),
            dataset=None,
            r=effects.r or result.r,
            e=effects.e or result.e,
            estimates=effects.estimates or result.estimates,
        )
    return result


def _place(part: Dataset, names: tuple[str, ...]) -> dict[str, float | str]:
    """Return the values of the group."""
    place: dict[str, float | str] = {}
    for name in names:
        text = part.variable(name).is_string
        place[name] = str(part.texts(name)[0]) if text else float(part.numeric(name)[0])
    return place


def _shown(part: Dataset, name: str) -> str:
    """Return ``name = value`` of the group, with the value's label."""
    variable = part.variable(name)
    if variable.is_string:
        return f"{name} = {part.texts(name)[0]}"
    value = float(part.numeric(name)[0])
    return f"{name} = {part.labels_of(name).get(value) or format_value(value, variable.format)}"
