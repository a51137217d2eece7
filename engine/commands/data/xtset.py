"""``xtset`` and ``tsset``: which variables number panels and times ([XT] xtset, [TS] tsset)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects, Run
from engine.commands.data.sort import order_of
from engine.data.dataset import Dataset
from engine.data.formats import check_format, format_value, parse_format
from engine.data.missing import MISSING
from engine.data.panel import UNITS, Panel, panel_of, positions, with_panel
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, PieceDecl, PieceKind, VarlistRule
from engine.results.stored import Stored

_FORMATS = (
    ("daily", 1, "%td"),
    ("weekly", 1, "%tw"),
    ("monthly", 1, "%tm"),
    ("quarterly", 1, "%tq"),
    ("halfyearly", 1, "%th"),
    ("yearly", 1, "%ty"),
)
_OPTIONS = (
    OptionDecl(name="clear", minimum=5, label="Forget", help="Forget the settings.", page="model"),
    OptionDecl(
        name="delta",
        minimum=5,
        kind=OptionKind.REAL,
        label="Time between observations",
        help="How much the time variable grows from one observation to the next; 1 by default.",
        low=1e-12,
        page="model",
    ),
    *(
        OptionDecl(name=name, minimum=least, label=name.capitalize(), help=f"Show times as {fmt}.", page="model")
        for name, least, fmt in _FORMATS
    ),
    OptionDecl(name="generic", minimum=1, label="Generic", help="Times have no unit.", page="model"),
    OptionDecl(
        name="format", minimum=6, kind=OptionKind.TEXT, label="Format", help="Format of the times.", page="model"
    ),
)  # fmt: skip


def _pieces(*, needs_panel: bool) -> tuple[PieceDecl, ...]:
    """Return panel and time variable; a single variable is the one that is needed."""
    return (
        PieceDecl(
            name="panelvar",
            kind=PieceKind.VARIABLE,
            label="Panel variable",
            help="The variable that numbers persons, firms or other panels.",
            required=needs_panel,
        ),
        PieceDecl(
            name="timevar",
            kind=PieceKind.VARIABLE,
            label="Time variable",
            help="The variable that numbers times within panels; needed for operators such as L.",
            required=not needs_panel,
        ),
    )


XTSET = CommandDecl(
    name="xtset",
    minimum=5,
    title="Declare data to be panel data",
    help="xtset PANEL TIME says which variables number panels and times, for operators such as L. and for xtreg.",
    menu=("Statistics", "Longitudinal/panel data", "Setup and utilities", "Declare dataset to be panel data"),
    varlist=VarlistRule.OPTIONAL,
    pieces=_pieces(needs_panel=True),
    options=_OPTIONS,
    examples=("xtset id week", "xtset id", "xtset"),
    results=(
        ("r(panelvar)", "panel variable"),
        ("r(timevar)", "time variable"),
        ("r(balanced)", "strongly balanced, weakly balanced, unbalanced"),
        ("r(imin), r(imax)", "smallest and largest panel"),
        ("r(tmin), r(tmax)", "smallest and largest time"),
        ("r(tdelta)", "time between observations"),
        ("r(gaps)", "1 if times have gaps"),
    ),
)
TSSET = CommandDecl(
    name="tsset",
    minimum=5,
    title="Declare data to be time-series data",
    help="tsset TIME, or tsset PANEL TIME, says which variables number times and panels.",
    menu=("Statistics", "Time series", "Setup and utilities", "Declare dataset to be time-series data"),
    varlist=VarlistRule.OPTIONAL,
    pieces=_pieces(needs_panel=False),
    options=_OPTIONS,
    examples=("tsset week", "tsset id week", "tsset"),
)


class Facts(NamedTuple):
    """What the panels look like: how many times each has, and whether they are the same."""

    balance: str
    gaps: int
    """How many panels have gaps in their times."""


def run_xtset(command: Command, context: Context) -> Effects:
    """Declare panels; a single variable is the panel."""
    return _run(command, context, single_is_time=False)


def run_tsset(command: Command, context: Context) -> Effects:
    """Declare times; a single variable is the time."""
    return _run(command, context, single_is_time=True)


def _run(command: Command, context: Context, *, single_is_time: bool) -> Effects:
    part, dataset = command.main, context.dataset
    if part.has("clear"):
        if part.body:
            raise StataError(198, "option clear stands without variables", part.body_span)
        return Effects(dataset=with_panel(dataset, None))
    if not part.body:
        settings = panel_of(dataset)
        if settings is None:
            word = "time" if single_is_time else "panel"
            hint = "tsset timevar" if single_is_time else "xtset varname"
            raise StataError(459 if not single_is_time else 111, f"{word} variable not set; use {hint} ...")
        return Effects(r=_shown(context, dataset, settings))
    names = resolve_names(part.body, dataset, span=part.body_span, unique=False)
    if len(names) > 2:
        raise StataError(
            103, "too many variables specified: there are a panel variable and a time variable", part.body_span
        )
    if not names:
        raise StataError(111, "no variables defined", part.body_span)
    for name in names:
        if dataset.variable(name).is_string:
            raise StataError(
                109,
                f"string variables not allowed: {name} is a string variable; egen ... group() numbers it",
                part.body_span,
            )
    use = part.option("delta")
    delta = float(use.argument) if use is not None and use.argument else 1.0
    time = names[0] if single_is_time and len(names) == 1 else (*names, "")[1]
    panel = "" if single_is_time and len(names) == 1 else names[0]
    settings = Panel(panel, time, delta)
    dataset = _formatted(dataset, time, part)
    _check(dataset, settings, part)
    keys = tuple(name for name in (panel, time) if name)
    dataset = with_panel(dataset, settings)
    if dataset.sorted_by[: len(keys)] != keys:
        dataset = dataset.take(order_of(dataset, [(name, False) for name in keys]), sorted_by=keys)
    return Effects(dataset=dataset, r=_shown(context, dataset, settings))


def _formatted(dataset: Dataset, time: str, part: Part) -> Dataset:
    """Return the data with the display format that a unit option or format() asks for."""
    asked = [fmt for name, _, fmt in _FORMATS if part.has(name)]
    use = part.option("format")
    if use is not None and use.argument:
        check_format(use.argument, text=False)
        asked.append(use.argument)
    if not asked or not time:
        return dataset
    if len(asked) > 1:
        raise StataError(184, "only one unit of time, or format(), may be given")
    variables = tuple(replace(v, format=asked[0]) if v.name == time else v for v in dataset.variables)
    return replace(dataset, variables=variables, changed=True)


def _check(dataset: Dataset, settings: Panel, part: Part) -> None:
    """Raise r(451) for times that repeat in a panel or are no multiples of the step."""
    if not settings.time:
        panels = dataset.numeric(settings.panel)
        present = panels[panels < MISSING]
        if (present != np.floor(present)).any():
            raise StataError(451, f"panel variable {settings.panel} must hold whole numbers", part.body_span)
        return
    codes, steps, rows = positions(dataset, settings)
    times = dataset.numeric(settings.time)[rows]
    if settings.delta == 1.0 and (times != np.floor(times)).any():
        raise StataError(451, f"time variable {settings.time} must hold whole numbers", part.body_span)
    if len(times) and (np.abs((times - times.min()) / settings.delta - steps) > 1e-6).any():
        message = f"the values of {settings.time} do not lie delta({settings.delta:g}) apart"
        raise StataError(451, message, part.body_span)
    order = np.lexsort((steps, codes))
    same = (np.diff(codes[order]) == 0) & (np.diff(steps[order]) == 0)
    if same.any():
        row = int(rows[order[np.flatnonzero(same)[0] + 1]])
        where = ", ".join(
            f"{name} = {format_value(float(dataset.numeric(name)[row]), dataset.variable(name).format)}"
            for name in (settings.panel, settings.time)
            if name
        )
        what = "within panel" if settings.panel else "in sample"
        raise StataError(451, f"repeated time values {what}: {where} occurs more than once", part.body_span)


def facts_of(dataset: Dataset, settings: Panel) -> Facts:
    """Return balance and gaps."""
    if not settings.time:
        values = dataset.numeric(settings.panel)
        sizes = np.unique(values[values < MISSING], return_counts=True)[1]
        return Facts("balanced" if len(set(sizes.tolist())) <= 1 else "unbalanced", 0)
    codes, steps, _ = positions(dataset, settings)
    if not len(codes):
        return Facts("", 0)
    sizes = np.bincount(codes)
    first, last = _extent(codes, steps, len(sizes))
    gaps = int(((last - first + 1) != sizes).sum())
    if not settings.panel:
        return Facts("", gaps)
    distinct = len(np.unique(steps))
    if (sizes == distinct).all():
        return Facts("strongly balanced", gaps)
    return Facts("weakly balanced" if (sizes == sizes[0]).all() else "unbalanced", gaps)


def _extent(
    codes: npt.NDArray[np.int64], steps: npt.NDArray[np.int64], n_panels: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the first and last time step of each panel."""
    first = np.full(n_panels, np.iinfo(np.int64).max)
    last = np.full(n_panels, -1, dtype=np.int64)
    np.minimum.at(first, codes, steps)
    np.maximum.at(last, codes, steps)
    return first, last


def unit_of(dataset: Dataset, settings: Panel) -> str:
    """Return ``1 unit``, ``1 month``, ``2 years`` …."""
    fmt = parse_format(dataset.variable(settings.time).format)
    word = UNITS.get(fmt.kind, "unit") if fmt is not None else "unit"
    return f"{format_value(settings.delta, '%9.0g')} {word}{'' if settings.delta == 1.0 else 's'}"


def _shown(context: Context, dataset: Dataset, settings: Panel) -> Stored:
    """Print the settings, and return r()."""
    facts = facts_of(dataset, settings)
    macros: dict[str, str] = {}
    scalars: dict[str, float] = {"gaps": float(facts.gaps > 0)}
    lines = [""]
    width = 14 if settings.panel else 13
    if settings.panel:
        lines.append(f"Panel variable: {settings.panel} ({facts.balance})")
        panels = dataset.numeric(settings.panel)
        present = panels[panels < MISSING]
        macros |= {"panelvar": settings.panel, "balanced": facts.balance}
        if len(present):
            scalars |= {"imin": float(present.min()), "imax": float(present.max())}
    if settings.time:
        times = dataset.numeric(settings.time)
        times = times[times < MISSING]
        fmt = dataset.variable(settings.time).format
        low, high = (float(times.min()), float(times.max())) if len(times) else (MISSING, MISSING)
        shown = f"{format_value(low, fmt)} to {format_value(high, fmt)}"
        gaps = ", but with a gap" if facts.gaps == 1 else ", but with gaps" if facts.gaps else ""
        lines.append(f"{'Time variable':>{width}}: {settings.time}, {shown}{gaps}")
        lines.append(f"{'Delta':>{width}}: {unit_of(dataset, settings)}")
        scalars |= {"tmin": low, "tmax": high, "tdelta": settings.delta}
        kind = parse_format(fmt)
        macros |= {
            "timevar": settings.time, "tmins": format_value(low, fmt), "tmaxs": format_value(high, fmt),
            "tdeltas": unit_of(dataset, settings), "tsfmt": fmt,
            "unit": kind.kind[1] if kind is not None and kind.is_date else ".",
        }  # fmt: skip
    context.say(*lines)
    return Stored(scalars, macros)


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((XTSET, run_xtset), (TSSET, run_tsset))
