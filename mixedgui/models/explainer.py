"""Explains the numbers of one command's result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.api import Outcome, Table
from mixedgui.state.translation import declared

if TYPE_CHECKING:
    from engine.api import Block, Explanation, Facts


class Explainer:
    """Knows the outcome that sentences refer to.

    Parameters
    ----------
    outcome
        What the command left behind; None while it runs.
    """

    def __init__(self, outcome: Outcome | None) -> None:
        self._outcome = outcome
        self._facts: Facts | None = None

    def cell(self, table: Table, row: int, key: str) -> Explanation | None:
        """Explain a cell of a table, None where there is no number."""
        from engine.api import explain_cell

        return explain_cell(table, row, key, self._known())

    def column(self, table: Table, key: str) -> str:
        """Say what the numbers of a column are, empty where that is not known."""
        from engine.api import find_cell

        row = next((each.name for each in table.rows if each.cells), "")
        found = find_cell(table.id, key, row=row, command=self._known().command)
        return f"{declared(found.title)}: {found.told(declared)}" if found is not None else ""

    def figure(self, label: str, value: float, text: str) -> Explanation | None:
        """Explain a number with a label, None where the label is not known."""
        from engine.api import explain_figure

        return explain_figure((label, value, text), self._known())

    def at(self, block: Block, line: int, column: int, linesize: int = 80) -> tuple[Explanation, int, int] | None:
        """Explain the number at a place of a block's text; also return where it begins and ends in its line."""
        from engine.api import FigurePlace, places

        for place in places(block, line, linesize):
            if not place.start <= column <= place.end:
                continue
            if isinstance(place, FigurePlace):
                found = self.figure(place.label, place.value, place.text)
            else:
                assert isinstance(block, Table)
                found = self.cell(block, place.row, place.key)
            return None if found is None else (found, place.start, place.end)
        return None

    def _known(self) -> Facts:
        from engine.api import Facts, facts_of

        if self._facts is None:
            outcome = self._outcome
            known = Facts() if outcome is None else facts_of(outcome.e, outcome.tables)
            self._facts = replace(known, translate=declared)
        return self._facts
