"""The random-effects table of ``mixed``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.inference.limits import limits
from engine.results.mixed import BlockSummary, MixedResult, VarianceParameter
from engine.spec.mixed import Metric
from engine.tables.document import Lines, Role, Row, RowKind, Table
from engine.tables.estimation import TableStyle
from engine.tables.grid import ESTIMATE_END, ESTIMATE_WIDTH, SE_END, GridColumn, interval_columns, layout, table_columns
from engine.tables.labels import abbreviate
from engine.tables.numbers import NumberFormats, number_cell

STUB = 28
STUB_HEADING = "Random-effects parameters "
INTERVAL_END = 48
EMPTY = "(empty)"


@dataclass(frozen=True, slots=True)
class RandomRow:
    """A variance parameter in the metric of display, with its limits."""

    name: str
    estimate: float
    se: float
    ll: float
    ul: float


def random_row(parameter: VarianceParameter, metric: Metric, level: float) -> RandomRow:
    """Return `parameter` as displayed."""
    ll, ul = limits(parameter, metric, level)
    if metric is Metric.STDDEVIATION:
        return RandomRow(parameter.sd_name, parameter.sd_estimate, parameter.sd_se, ll, ul)
    return RandomRow(parameter.name, parameter.estimate, parameter.se, ll, ul)


def section_title(block: BlockSummary) -> str:
    """Return ``id: Identity``, or ``id: (empty)`` for an equation without effects."""
    structure = EMPTY if block.structure is None else block.structure.value.capitalize()
    return f"{block.level_name}: {structure}"


def random_table(result: MixedResult, metric: Metric, style: TableStyle) -> tuple[Table, tuple[Lines, ...]]:
    """Return the table as printed and the footnotes that spell out shortened lists of variables."""
    writer = _RowWriter(metric, style)
    rows: list[Row] = []
    for index, block in enumerate(result.blocks):
        rows.append(_section_row(block))
        rows += [writer.row(parameter) for parameter in result.parameters if parameter.block == index]
        rows.append(Row(kind=RowKind.RULE))
    rows += [writer.row(parameter) for parameter in result.parameters if parameter.block < 0]
    table = Table(
        id="random",
        stub=STUB_HEADING.strip(),
        columns=table_columns(STUB, writer.columns),
        rows=tuple(rows),
        layout=layout(STUB_HEADING, STUB, writer.columns),
    )
    return table, (Lines(tuple(writer.footnotes), Role.NOTE),) if writer.footnotes else ()


def _grid(style: TableStyle) -> tuple[GridColumn, ...]:
    columns = [
        GridColumn("estimate", "Estimate", ESTIMATE_END, ESTIMATE_END),
        GridColumn("se", "Std. err.", SE_END, SE_END + 1),
    ]
    if not style.display.noci:
        columns += interval_columns(style.level, INTERVAL_END)
    return tuple(columns)


def _section_row(block: BlockSummary) -> Row:
    title = section_title(block)
    if block.structure is None:
        name = f"{abbreviate(block.level_name, STUB - len(EMPTY) - 2)}:"
        label = f"{name}{EMPTY:>{STUB - len(name)}}"
    else:
        label = title
        if len(title) > STUB:
            room = STUB - (len(title) - len(block.level_name))
            label = f"{abbreviate(block.level_name, room)}{title[len(block.level_name) :]}"
    return Row(label, kind=RowKind.GROUP, left=True, name=title, full=title if label != title else "")


class _RowWriter:
    """Writes parameters as rows and keeps the footnotes of those whose label had to be shortened."""

    def __init__(self, metric: Metric, style: TableStyle) -> None:
        self.columns = _grid(style)
        self.footnotes: list[str] = []
        self._metric = metric
        self._level = style.level
        self._format = NumberFormats.of(style.display).coefficient

    def row(self, parameter: VarianceParameter) -> Row:
        """Return the row of one parameter."""
        shown = random_row(parameter, self._metric, self._level)
        values = {"estimate": shown.estimate, "se": shown.se, "ll": shown.ll, "ul": shown.ul}
        cells = tuple(number_cell(values[column.key], self._format, ESTIMATE_WIDTH) for column in self.columns)
        label = self._fit(shown.name)
        return Row(label, cells, name=shown.name, full=shown.name if label != shown.name else "")

    def _fit(self, name: str) -> str:
        """Fit ``cov(week,_cons)`` into the stub; a long list of variables becomes a numbered footnote."""
        if len(name) <= STUB:
            return name
        word, _, inner = name.removesuffix(")").partition("(")
        if " " in inner:
            self.footnotes.append(f"({len(self.footnotes) + 1}) {inner}")
            variables, mark = inner.split(), f"({len(self.footnotes)})"
            first, last = _share(STUB - len(f"{word}(..){mark}"), (variables[0], variables[-1]))
            return f"{word}({first}..{last}){mark}"
        names = inner.split(",")
        return f"{word}({','.join(_share(STUB - len(word) - 1 - len(names), names))})"


def _share(room: int, names: Sequence[str]) -> list[str]:
    """Abbreviate names so that together they take at most `room` characters, the longest giving way first."""
    widths = [len(name) for name in names]
    while sum(widths) > room:
        widths[widths.index(max(widths))] -= 1
    return [abbreviate(name, width) for name, width in zip(names, widths, strict=True)]
