"""``xtdescribe`` and ``xtsum``: who is observed when; variation between and within panels ([XT])."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.commands.base import Context, Effects, Run
from engine.commands.data.xtset import unit_of
from engine.data import groupstats
from engine.data.dataset import Dataset
from engine.data.formats import format_value
from engine.data.missing import is_missing
from engine.data.panel import Panel, panel_codes, panel_of, positions
from engine.errors import StataError
from engine.frame.resolve import resolve_names
from engine.lang.command import Command
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import DataRow, DataTable, Stored
from engine.tables.document import Cell, Column, Row, Table, TextLayout

_MENU = ("Statistics", "Longitudinal/panel data", "Setup and utilities")

XTDESCRIBE = CommandDecl(
    name="xtdescribe",
    minimum=5,
    title="Describe pattern of xt data",
    help="Shows how many panels there are, how many times each has, and the patterns of participation.",
    menu=(*_MENU, "Describe pattern of xt data"),
    allow_if=True,
    allow_in=True,
    options=(
        OptionDecl(
            name="patterns",
            minimum=4,
            kind=OptionKind.INTEGER,
            label="Number of patterns",
            help="How many patterns are listed; 9 by default.",
            low=0,
            default=9,
            page="model",
        ),
    ),
    examples=("xtdescribe",),
)
XTSUM = CommandDecl(
    name="xtsum",
    minimum=5,
    title="Summarize xt data",
    help="Shows mean and standard deviation of variables, overall, between panels and within them.",
    menu=(*_MENU, "Summarize xt data"),
    varlist=VarlistRule.OPTIONAL,
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    examples=("xtsum weight",),
    results=(
        ("r(N), r(n), r(Tbar)", "numbers of observations and panels, mean number of times"),
        ("r(mean), r(sd)", "mean and standard deviation of all"),
        ("r(sd_b), r(sd_w)", "standard deviation between and within panels"),
    ),
)

_PERCENTS = (0, 5, 25, 50, 75, 95, 100)
_WIDEST_PATTERN = 100
XTSUM_COLUMNS = ("mean", "sd", "min", "max", "N")


def _settings(context: Context, *, time: bool) -> Panel:
    settings = panel_of(context.dataset)
    if settings is None or not settings.panel:
        raise StataError(459, "panel variable not set; use xtset varname ...")
    if time and not settings.time:
        raise StataError(459, "time variable not set; use xtset panelvar timevar")
    return settings


def run_xtdescribe(command: Command, context: Context) -> Effects:
    """Show the patterns; r() holds the distribution of the number of times."""
    from engine.data.summary import percentile

    part = command.main
    settings = _settings(context, time=True)
    whole = context.dataset
    dataset = whole.take(context.selected(part))
    codes, steps, _ = positions(dataset, settings)
    if not len(codes):
        raise StataError(2000, "no observations")
    sizes = np.bincount(codes)
    times = np.unique(steps)
    span = int(steps.max()) + 1
    context.say("", *_heading(dataset, settings, len(sizes), len(times), span), "")
    ordered = np.sort(sizes).astype(np.float64)
    spread = [
        float(ordered[0]) if p == 0 else float(ordered[-1]) if p == 100 else percentile(ordered, p) for p in _PERCENTS
    ]
    widths = (10, 8, 8, 10, 10, 8, 8)
    names = ("min", "5%", "25%", "50%", "75%", "95%", "max")
    context.say(
        "Distribution of T_i:"
        + "".join(f"{name:>{width}}" for name, width in zip(names, (6, 8, 8, 10, 10, 8, 8), strict=True)),
        " " * 16 + "".join(f"{value:>{width}.0f}" for value, width in zip(spread, widths, strict=True)),
        "",
    )
    use = part.option("patterns")
    most = int(use.argument) if use is not None and use.argument else 9
    table = _patterns(codes, steps, len(sizes), times, most)
    context.emit(table)
    scalars = {
        "N": float(len(sizes)),
        **{name: v for name, v in zip(("min", "p5", "p25", "p50", "p75", "p95", "max"), spread, strict=True)},
    }
    return Effects(tables=(table.data,) if table.data is not None else (), r=Stored(scalars))


def _heading(dataset: Dataset, settings: Panel, n_panels: int, n_times: int, span: int) -> list[str]:
    """Return the lines on panels and times."""
    from engine.tables.data import shortened

    lines = []
    for name, letter, count in ((settings.panel, "n", n_panels), (settings.time, "T", n_times)):
        values = dataset.numeric(name)
        distinct = np.unique(values[~is_missing(values)])
        fmt = dataset.variable(name).format
        texts = [
            format_value(value, fmt) for value in (distinct if len(distinct) <= 3 else distinct[[0, 1, -1]]).tolist()
        ]
        if len(distinct) > 3:
            texts.insert(2, "...")
        left = f"{shortened(name, 8):>8}:  {', '.join(texts)}"
        lines.append(f"{left:<60}{letter} = {count:>10}")
    unit = unit_of(dataset, settings)
    lines.append(f"           Delta({settings.time}) = {unit}")
    lines.append(f"           Span({settings.time})  = {span:,} period{'' if span == 1 else 's'}")
    lines.append(f"           ({settings.panel}*{settings.time} uniquely identifies each observation)")
    return lines


def _patterns(
    codes: npt.NDArray[np.int64], steps: npt.NDArray[np.int64], n_panels: int, times: npt.NDArray[np.int64], most: int
) -> Table:
    """Return the patterns of participation, the most frequent first."""
    shown = times[:_WIDEST_PATTERN]
    inside = np.isin(steps, shown)
    present = np.zeros((n_panels, len(shown)), dtype=np.uint8)
    present[codes[inside], np.searchsorted(shown, steps[inside])] = 1
    packed = np.packbits(present, axis=1)
    distinct, first, counts = np.unique(packed, axis=0, return_index=True, return_counts=True)
    order = np.lexsort((-np.arange(len(distinct)), -counts))
    gaps = np.diff(shown) > 1
    texts = ["".join("1" if there else "." for there in present[first[k]]) for k in order.tolist()]
    mask = "".join("X" for _ in shown)
    if gaps.any():
        mask = "".join("X-" if k < len(gaps) and gaps[k] else "X" for k in range(len(shown)))
        texts = ["".join(c + (" " if k < len(gaps) and gaps[k] else "") for k, c in enumerate(text)) for text in texts]
    rule = " " + "-" * 27 + "+" + "-" * (len(mask) + 2)
    lines = ["     Freq.  Percent    Cum. |  Pattern", rule]
    total, cumulated = int(counts.sum()), 0
    rows: list[DataRow] = []
    for k, text in zip(order.tolist()[:most], texts, strict=False):
        cumulated += int(counts[k])
        share = (100.0 * counts[k] / total, 100.0 * cumulated / total)
        lines.append(f"{counts[k]:>9,}{share[0]:>10.2f}{share[1]:>8.2f} |  {text}")
        rows.append(DataRow("", text, (float(counts[k]), *share)))
    rest = total - cumulated
    if rest:
        lines.append(f"{rest:>9,}{100.0 * rest / total:>10.2f}{100.0:>8.2f} | (other patterns)")
        rows.append(DataRow("", "other", (float(rest), 100.0 * rest / total, 100.0)))
    lines += [rule, f"{total:>9,}{100.0:>10.2f}         |  {mask}"]
    data = DataTable("xtdescribe", ("freq", "percent", "cum"), tuple(rows))
    shown_rows = tuple(
        Row(row.name, tuple(Cell(f"{v:g}", v) for v in row.values), name=row.name, left=True) for row in rows
    )
    columns = (Column("freq", "Freq."), Column("percent", "Percent"), Column("cum", "Cum."))
    layout = TextLayout(width=len(rule), stub=28, drawn=tuple(lines))
    return Table("xtdescribe", "Pattern", columns, shown_rows, layout, data=data)


def run_xtsum(command: Command, context: Context) -> Effects:
    """Show the decomposition; r() holds that of the last variable."""
    part, dataset = command.main, context.dataset
    settings = _settings(context, time=False)
    named = resolve_names(part.body, dataset, span=part.body_span, time_series=True)
    names = named or tuple(name for name in dataset.names if not dataset.variable(name).is_string)
    mask = context.selected(part)
    panels = dataset.numeric(settings.panel)
    mask &= ~is_missing(panels)
    rows: list[DataRow] = []
    lines = [
        "Variable         |      Mean   Std. dev.       Min        Max |    Observations",
        "-----------------+--------------------------------------------+----------------",
    ]
    scalars: dict[str, float] = {}
    for position, name in enumerate(names):
        if dataset.variable(name).is_string:
            raise StataError(109, f"type mismatch: {name} holds text", part.body_span)
        context.cancel.check()
        values = dataset.numeric(name)
        used = mask & ~is_missing(values)
        figures = _decomposed(values[used], panels[used])
        if position:
            lines.append(lines[1].replace("-", " ").replace("+", "|"))
        lines += _lines(name, figures)
        for word, numbers in figures.items():
            rows.append(DataRow(name, word, numbers))
        scalars = _scalars(figures)
    data = DataTable("xtsum", XTSUM_COLUMNS, tuple(rows))
    shown = tuple(
        Row(f"{row.eq} {row.name}", tuple(Cell(format_value(v, "%9.0g"), v) for v in row.values), name=row.name)
        for row in rows
    )
    columns = tuple(Column(key, key) for key in XTSUM_COLUMNS)
    layout = TextLayout(width=79, stub=17, drawn=("", *lines))
    context.emit(Table("xtsum", "Variable", columns, shown, layout, data=data))
    return Effects(tables=(data,), r=Stored(scalars))


def _decomposed(values: npt.NDArray[np.float64], panels: npt.NDArray[np.float64]) -> dict[str, tuple[float, ...]]:
    """Return mean, sd, min, max and number of values: of all, of panel means, and of deviations from them.

    Deviations have the overall mean added, as in [XT] xtsum.
    """
    n = len(values)
    if not n:
        empty = (float("nan"),) * 4
        return {word: (*empty, 0.0) for word in ("overall", "between", "within")}
    codes = panel_codes(panels)
    n_panels = int(codes.max()) + 1
    means = groupstats.means(values, codes, n_panels)
    grand = float(values.mean())
    within = values - means[codes] + grand

    def spread(numbers: npt.NDArray[np.float64], count: float) -> tuple[float, ...]:
        sd = float(numbers.std(ddof=1)) if len(numbers) > 1 else float("nan")
        return (grand, sd, float(numbers.min()), float(numbers.max()), count)

    return {
        "overall": spread(values, float(n)),
        "between": spread(means, float(n_panels)),
        "within": spread(within, n / n_panels),
    }


def _lines(name: str, figures: dict[str, tuple[float, ...]]) -> list[str]:
    """Return the three lines of a variable."""
    from engine.tables.data import shortened

    lines = []
    balanced = figures["within"][4] == np.floor(figures["within"][4])
    letters = {"overall": "N", "between": "n", "within": "T" if balanced else "T-bar"}
    for word, numbers in figures.items():
        texts = ["" if k == 0 and word != "overall" else format_value(v, "%9.0g") for k, v in enumerate(numbers[:4])]
        head = f"{shortened(name, 8) if word == 'overall' else '':<9}{word:<8}"
        count = format_value(numbers[4], "%9.0g" if word == "within" else "%9.0f")
        lines.append(
            f"{head}|{texts[0]:>10}{texts[1]:>11}{texts[2]:>11}{texts[3]:>11} |{letters[word]:>6} = {count:>7}".rstrip()
        )
    return lines


def _scalars(figures: dict[str, tuple[float, ...]]) -> dict[str, float]:
    """Return r() under the manual's names."""
    overall, between, within = figures["overall"], figures["between"], figures["within"]
    scalars = {"N": overall[4], "n": between[4], "Tbar": within[4], "mean": overall[0]}
    for suffix, numbers in (("", overall), ("_b", between), ("_w", within)):
        scalars |= {f"sd{suffix}": numbers[1], f"min{suffix}": numbers[2], f"max{suffix}": numbers[3]}
    return {name: value for name, value in scalars.items() if np.isfinite(value)}


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((XTDESCRIBE, run_xtdescribe), (XTSUM, run_xtsum))
