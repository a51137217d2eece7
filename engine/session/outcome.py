"""What one command did: its document, tables, graph and stored results, as values and as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.commands.base import WindowRequest
from engine.data.missing import MISSING
from engine.errors import Span
from engine.lang.prompts import wrapped
from engine.render.text import render_text
from engine.results.stored import DataTable, Matrix, Stored
from engine.results.verdict import Verdict
from engine.tables.document import Document

if TYPE_CHECKING:
    from engine.graphs.graphspec import GraphSpec
    from engine.results.estimates import Estimates

DRAWN_POINTS = 100_000
"""How many marks of a layer the JSON form lists; a longer layer is thinned evenly to this number."""


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """Why a command failed; `details` is what a defect report needs, empty for a user's error."""

    rc: int
    message: str
    span: Span | None = None
    details: str = ""
    typed_span: Span | None = None
    """The place in the command as typed, before macros were replaced."""
    code_alone: bool = False
    """Whether the log shows the return code without the message."""


@dataclass(frozen=True)
class Outcome:
    """The result of running one command.

    Attributes
    ----------
    rc
        Stata's return code, 0 when the command ran (or ``capture`` caught its error).
    tables
        Table id -> the last table of that name; `all_tables` lists every one.
    r, e
        Stored results as they stand after the command.
    """

    command: str
    rc: int = 0
    error: ErrorReport | None = None
    seconds: float = 0.0
    document: Document = field(default_factory=Document)
    all_tables: tuple[DataTable, ...] = ()
    graph: GraphSpec | None = None
    r: Stored = field(default_factory=Stored)
    e: Stored = field(default_factory=Stored)
    verdict: Verdict | None = None
    """Whether the estimates that the command made can be trusted; None where it made none."""
    estimates: Estimates | None = field(default=None, repr=False, compare=False)
    """The results that are active after the command."""
    linesize: int = 80
    echo: tuple[str, ...] = ()
    """The lines of the command as typed, for the log."""
    prompts: tuple[str, ...] = ()
    """What the log shows before each of these lines; empty for those of one command."""
    typed: str = ""
    """The command with its macros as typed; `command` is what was executed."""
    opens: WindowRequest | None = None
    """What the window is to open."""

    @cached_property
    def text(self) -> str:
        """The log text of the command, without the echoed line."""
        return render_text(self.document, self.linesize)

    @property
    def tables(self) -> Mapping[str, DataTable]:
        """Table id -> table."""
        return {table.id: table for table in self.all_tables}

    @property
    def echo_text(self) -> str:
        """The command as the log echoes it."""
        return "\n".join(wrapped(self.echo or (self.command,), self.prompts, self.linesize))

    def to_json(self) -> dict[str, Any]:
        """Return the entry of this command in the ``--json`` report."""
        error = None
        if self.error is not None:
            span = list(self.error.span) if self.error.span is not None else None
            error = {"rc": self.error.rc, "message": self.error.message, "span": span}
        return {
            "command": self.command,
            "rc": self.rc,
            "error": error,
            "seconds": self.seconds,
            "text": self.text,
            "tables": [_table_json(table) for table in self.all_tables],
            "graph": None if self.graph is None else _graph_json(self.graph),
            "r": _stored_json(self.r),
            "e": _stored_json(self.e),
        }


def number_json(value: float) -> float | None:
    """Return a number as JSON can hold it: None for missing values, NaN and infinities."""
    number = float(value)
    return number if math.isfinite(number) and number < MISSING else None


def _table_json(table: DataTable) -> dict[str, Any]:
    rows = [
        {"eq": row.eq, "name": row.name, "values": [number_json(v) for v in row.values], "status": row.status}
        for row in table.rows
    ]
    result: dict[str, Any] = {"id": table.id, "columns": list(table.columns), "rows": rows}
    if table.by:
        result["by"] = {k: v if isinstance(v, str) else number_json(v) for k, v in table.by.items()}
    return result


def _graph_json(graph: GraphSpec) -> dict[str, Any]:
    layers = []
    for layer in graph.every_layer:
        step = max(1, -(-len(layer.x) // DRAWN_POINTS))
        arrays = {name: [number_json(v) for v in getattr(layer, name)[::step]] for name in ("x", "y", "ll", "ul")}
        if step == 1:
            for start in reversed(layer.starts.tolist()):  # a line is interrupted by a missing place
                arrays["x"].insert(start, None)
                arrays["y"].insert(start, None)
        place = {"axis": 2} if layer.right else {}
        layers.append({"mark": layer.mark.value, "panel": layer.panel, "group": layer.group, **place, **arrays})
    second = {"y2_title": graph.right_title} if graph.has_right else {}
    return {
        "kind": graph.kind,
        "title": graph.title,
        "x_title": graph.x_title,
        "y_title": graph.y_title,
        **second,
        "note": graph.note,
        "layers": layers,
    }


def _matrix_json(matrix: Matrix) -> dict[str, Any]:
    values = [[number_json(v) for v in row] for row in matrix.values]
    return {"rows": list(matrix.rows), "cols": list(matrix.cols), "values": values}


def _stored_json(stored: Stored) -> dict[str, Any]:
    return {
        "scalars": {name: number_json(value) for name, value in stored.scalars.items()},
        "macros": dict(stored.macros),
        "matrices": {name: _matrix_json(matrix) for name, matrix in stored.matrices.items()},
    }
