"""What a command printed, in its card: fit heads, tables and text, made one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from engine.api import Block, RowKind, Table
from mixedgui.docks.results.block_widgets import BlockText, Part, PartKind, log_summary, parts_of, runs_of
from mixedgui.docks.results.estimate_table import EstimateTable
from mixedgui.docks.results.fit_head import FitHead
from mixedgui.docks.results.record import Record
from mixedgui.docks.results.record_menu import RecordActions
from mixedgui.models.explainer import Explainer
from mixedgui.models.fit_equation import fit_equation
from mixedgui.models.fit_parts import FitSummary
from mixedgui.models.fit_summary import fit_summary
from mixedgui.theme import theme
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.tinted_label import TintedLabel


class CardBody(QWidget):
    """The parts of a result below each other; each call of `grow` makes the next one.

    Attributes
    ----------
    complete
        Whether all parts are there.
    """

    def __init__(self, record: Record, actions: RecordActions, factor: float, parent: QWidget) -> None:
        super().__init__(parent)
        self._record, self._actions, self._factor = record, actions, factor
        self._explainer = Explainer(record.outcome)
        unit = theme().unit
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4 * unit, 0, 4 * unit, 0)
        self._column.setSpacing(unit)
        self.complete = False
        self._coming = self._fill()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show, as far as is known."""
        return not self._column.count()

    def grow(self) -> None:
        """Make the next part."""
        self.complete = next(self._coming, self) is self

    def settle(self) -> None:
        """Give the parts their places, and the card their heights."""
        self._column.activate()

    def _fill(self) -> Iterator[None]:
        """Make part after part, shown at once so that the heights are right."""
        record, unit = self._record, theme().unit
        summary = fit_summary(record.outcome) if _is_one_fit(record) else None
        for part in parts_of([piece.block for piece in record.pieces], summary):
            self._column.addSpacing(unit if part.kind in {PartKind.AGAINST, PartKind.TABLE} else 0)
            for widget in self._widgets(part, summary):
                self._column.addWidget(widget)
                widget.show()
                yield
                if isinstance(widget, FitHead):
                    yield from widget.fill()

    def _widgets(self, part: Part, summary: FitSummary | None) -> Iterator[QWidget]:
        if part.kind is PartKind.HEAD and summary is not None:
            estimates = self._record.outcome.estimates if self._record.outcome is not None else None
            yield FitHead(
                summary,
                self._factor,
                figures=bool(part.blocks) or any(table.id == "anova" for table in self._record.tables),
                equation=fit_equation(estimates, self._actions.dataset()),
                explainer=self._explainer,
                parent=self,
            )
        elif part.kind is PartKind.TABLE and isinstance(part.blocks[0], Table):
            shown = _without_figures(part.blocks[0]) if summary is not None else part.blocks[0]
            table = EstimateTable(shown, self._factor, self._explainer, self)
            table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            table.customContextMenuRequested.connect(partial(self._table_menu, table, part.blocks[0]))
            yield table
        elif part.kind is PartKind.AGAINST and summary is not None:
            text = self.tr("Against a model without random effects: {0}.").format(summary.against)
            if summary.conservative:
                text = " ".join((text, self.tr("The test is conservative: a variance cannot fall below zero.")))
            label = TintedLabel(text, "text", self, factor=self._factor)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            yield label
        elif part.kind is PartKind.LOG:
            yield _FoldedLog(part.blocks, self._factor, self)
        else:
            for run in runs_of(part.blocks):
                yield BlockText(run, self._factor, self, self._explainer)

    def _table_menu(self, widget: QWidget, table: Table, place: QPoint) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        self._actions.table_entries(menu, self._record, table)
        menu.popup(widget.mapToGlobal(place))


class _FoldedLog(QWidget):
    """The log of a search: one line that unfolds; the text is made when it is first asked for."""

    def __init__(self, blocks: Sequence[Block], factor: float, parent: QWidget) -> None:
        super().__init__(parent)
        self._blocks, self._factor = blocks, factor
        self._text: BlockText | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme().unit)
        self._button = QToolButton(self)
        self._button.setText(log_summary(blocks))
        self._button.setAccessibleName(self.tr("Show or hide the iteration log"))
        self._button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._button.setCheckable(True)
        self._button.toggled.connect(self._show_log)
        set_icon(self._button, "caret-right")
        self._column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)

    @Slot(bool)
    def _show_log(self, shown: bool) -> None:
        if self._text is None:
            self._text = BlockText(self._blocks, self._factor, self)
            self._column.addWidget(self._text)
        self._text.setVisible(shown)
        set_icon(self._button, "caret-down" if shown else "caret-right")


def _is_one_fit(record: Record) -> bool:
    """Tell whether there is one fit to summarise, not one for each group of ``by``."""
    return sum(table.id == "fixed" for table in record.tables) == 1


def _without_figures(table: Table) -> Table:
    """Leave out of an analysis of variance the figures beside it, which the head of the fit shows."""
    if table.id != "anova":
        return table
    end = next((place for place, row in enumerate(table.rows) if row.kind is RowKind.RULE), len(table.rows))
    return replace(table, rows=table.rows[:end])
