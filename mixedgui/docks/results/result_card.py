"""One result in the rich view: its head with tools, the folded log, and what it printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from engine.api import Block, RowKind, Table
from mixedgui.docks.results.block_widgets import BlockText, Part, PartKind, log_summary, parts_of
from mixedgui.docks.results.estimate_table import EstimateTable
from mixedgui.docks.results.fit_head import FitHead
from mixedgui.docks.results.record import Record
from mixedgui.docks.results.record_menu import RecordActions, table_data
from mixedgui.models.explainer import Explainer
from mixedgui.models.fit_equation import fit_equation
from mixedgui.models.fit_summary import fit_summary
from mixedgui.models.headline import headline
from mixedgui.state.result_marks import ResultMarks
from mixedgui.theme import theme
from mixedgui.widgets.highlighter import coloured_html
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.pane_head import icon_button
from mixedgui.widgets.tinted_label import TintedLabel


class ResultCard(QFrame):
    """One command: its head with tools, the folded log, what it printed.

    Attributes
    ----------
    text_wanted
        The record is to be shown in the text view.
    """

    text_wanted = Signal(object)

    def __init__(self, record: Record, actions: RecordActions, factor: float, marks: ResultMarks) -> None:
        super().__init__()
        self._record, self._actions, self._marks = record, actions, marks
        self.setAccessibleName(record.command)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        unit = theme().unit
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 3 * unit)
        column.setSpacing(2 * unit)
        column.addWidget(self._head())
        self._title = TintedLabel("", "text", self, factor=1.15 * factor, bold=True)
        self._note = TintedLabel("", "text2", self, factor=factor)
        for label in (self._title, self._note):
            label.setWordWrap(True)
            label.setContentsMargins(4 * unit, 0, 4 * unit, 0)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.hide()
            column.addWidget(label)
        self._body = QWidget(self)
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(4 * unit, 0, 4 * unit, 0)
        inner.setSpacing(unit)
        self._explainer = Explainer(record.outcome)
        self._summary = fit_summary(record.outcome) if _is_one_fit(record) else None
        for part in parts_of([piece.block for piece in record.pieces], self._summary):
            inner.addSpacing(unit if part.kind in {PartKind.AGAINST, PartKind.TABLE} else 0)
            for widget in self._widgets(part, factor):
                inner.addWidget(widget)
        column.addWidget(self._body)
        self._folded, self._empty = False, not inner.count()
        if self._empty:
            self._body.hide()
            column.setContentsMargins(1, 1, 1, unit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write the names of the first tools beside them where the command leaves room."""
        super().resizeEvent(event)
        metrics = self._command.fontMetrics()
        command = max(metrics.horizontalAdvance(line) for line in self._record.echo or ("",))
        named = [button for button in self._buttons.values() if button.text() and not button.isHidden()]
        others = sum(not button.isHidden() for button in self._buttons.values()) - len(named) + 2
        unit, letters = theme().unit, self.fontMetrics()
        needed = sum(letters.horizontalAdvance(button.text()) + 10 * unit for button in named) + others * 8 * unit
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        if self.width() < command + needed + 8 * unit:
            style = Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in named:
            button.setToolButtonStyle(style)

    def show_marks(self, name: str, note: str) -> None:
        """Show the name and the note of the result, and whether it is pinned."""
        for label, text in ((self._title, name), (self._note, note)):
            label.setText(text)
            label.setVisible(bool(text))
        pinned = self._marks.is_pinned(self._record.number)
        set_icon(self._buttons["push-pin"], "push-pin", "accent" if pinned else "text2")
        word = self.tr("Unpin") if pinned else self.tr("Pin on top")
        self._buttons["push-pin"].setToolTip(word)
        self._buttons["push-pin"].setAccessibleName(word)

    def may_show(self, widget: QWidget) -> bool:
        """Tell whether a widget of the card is on show once the card is unfolded."""
        return widget.isVisibleTo(self._body if self._body.isAncestorOf(widget) else self)

    def unfold(self) -> None:
        """Show what the command printed."""
        if self._folded:
            self._toggle()

    def _head(self) -> QWidget:
        unit = theme().unit
        self._buttons: dict[str, QToolButton] = {}
        head = QWidget(self)
        row = QHBoxLayout(head)
        row.setContentsMargins(unit, unit, 2 * unit, unit)
        row.setSpacing(unit)
        self._fold = icon_button("caret-down", self.tr("Fold this result"), head)
        self._fold.clicked.connect(self._toggle)
        command = self._command = QLabel(head)
        command.setTextFormat(Qt.TextFormat.RichText)
        command.setFont(theme().mono())
        command.setText(coloured_html("\n".join(self._record.echo)))
        command.setWordWrap(True)
        self._headline = TintedLabel(headline(self._record.outcome), "text2", head)
        self._headline.hide()
        row.addWidget(self._fold)
        row.addWidget(command, 0 if self._headline.text() else 1)
        row.addWidget(self._headline, 1)
        shown = {
            "copy": bool(self._record.tables),
            "export": bool(self._record.tables),
            "sliders-horizontal": self._actions.has_dialog(self._record.command),
        }
        for icon, name, word, call in (
            ("copy", self.tr("Copy table"), self.tr("Copy"), self._copy),
            ("export", self.tr("Save table"), self.tr("Export"), self._export),
            ("sliders-horizontal", self.tr("Open in dialog"), self.tr("Open dialog"), self._dialog),
            ("arrow-clockwise", self.tr("Run again"), self.tr("Rerun"), self._again),
            ("pencil-simple", self.tr("Put into Command"), "", self._edit),
            ("push-pin", self.tr("Pin on top"), "", self._pin),
            ("note-pencil", self.tr("Note at this result"), "", self._ask_note),
            ("trash", self.tr("Delete this result"), "", self._delete),
        ):
            button = icon_button(icon, name, head)
            button.setText(word)
            button.clicked.connect(call)
            button.setVisible(shown.get(icon, True))
            row.addWidget(button)
            self._buttons[icon] = button
        self._more = icon_button("dots-three", self.tr("More for this result"), head)
        self._more.clicked.connect(self._menu)
        row.addWidget(self._more)
        return head

    def _widgets(self, part: Part, factor: float) -> Iterator[QWidget]:
        if part.kind is PartKind.HEAD and self._summary is not None:
            estimates = self._record.outcome.estimates if self._record.outcome is not None else None
            yield FitHead(
                self._summary,
                factor,
                figures=bool(part.blocks) or any(table.id == "anova" for table in self._record.tables),
                equation=fit_equation(estimates, self._actions.dataset()),
                explainer=self._explainer,
                parent=self,
            )
        elif part.kind is PartKind.TABLE and isinstance(part.blocks[0], Table):
            shown = _without_figures(part.blocks[0]) if self._summary is not None else part.blocks[0]
            table = EstimateTable(shown, factor, self._explainer, self)
            table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            table.customContextMenuRequested.connect(partial(self._table_menu, table, part.blocks[0]))
            yield table
        elif part.kind is PartKind.AGAINST and self._summary is not None:
            text = self.tr("Against a model without random effects: {0}.").format(self._summary.against)
            if self._summary.conservative:
                text = " ".join((text, self.tr("The test is conservative: a variance cannot fall below zero.")))
            label = TintedLabel(text, "text", self, factor=factor)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            yield label
        else:
            text_widget = BlockText(part.blocks, factor, self, None if part.kind is PartKind.LOG else self._explainer)
            if part.kind is PartKind.LOG:
                yield self._log_button(text_widget, part.blocks)
            yield text_widget

    def _log_button(self, text: QLabel, blocks: Sequence[Block]) -> QToolButton:
        button = QToolButton(self)
        button.setText(log_summary(blocks))
        button.setAccessibleName(self.tr("Show or hide the iteration log"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        set_icon(button, "caret-right")
        text.hide()

        def show(shown: bool) -> None:
            text.setVisible(shown)
            set_icon(button, "caret-down" if shown else "caret-right")

        button.toggled.connect(show)
        return button

    @Slot()
    def _toggle(self) -> None:
        folded = not self._folded
        self._folded = folded
        self._body.setVisible(not folded and not self._empty)
        self._headline.setVisible(folded and bool(self._headline.text()))
        set_icon(self._fold, "caret-right" if folded else "caret-down")

    @Slot()
    def _copy(self) -> None:
        table = self._actions.table_at(self._record, None)
        if table is not None:
            self._actions.copy(table)

    @Slot()
    def _export(self) -> None:
        table = self._actions.table_at(self._record, None)
        if table is not None:
            self._actions.ask_table_name(table, table_data(self._record, table))

    @Slot()
    def _dialog(self) -> None:
        self._actions.dialog_wanted.emit(self._record.command)

    @Slot()
    def _pin(self) -> None:
        self._actions.marks.toggle_pin(self._record)

    @Slot()
    def _ask_note(self) -> None:
        self._actions.marks.ask_note(self._record)

    @Slot()
    def _delete(self) -> None:
        self._actions.marks.delete(self._record)

    @Slot()
    def _edit(self) -> None:
        self._actions.edit_wanted.emit(self._record.command)

    @Slot()
    def _again(self) -> None:
        self._actions.run_wanted.emit(self._record.command)

    def _table_menu(self, widget: QWidget, table: Table, place: QPoint) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        self._actions.table_entries(menu, self._record, table)
        menu.popup(widget.mapToGlobal(place))

    @Slot()
    def _menu(self) -> None:
        menu = self._actions.menu(self._record, folds=False)
        menu.addSeparator()
        menu.addAction(self.tr("Show in &Text View")).triggered.connect(lambda: self.text_wanted.emit(self._record))
        menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the sheet and its hairline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("line"), 1))
        painter.setBrush(theme().color("base"))
        radius = 2.0 * theme().unit
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def _is_one_fit(record: Record) -> bool:
    """Tell whether there is one fit to summarise, not one for each group of ``by``."""
    return sum(table.id == "fixed" for table in record.tables) == 1


def _without_figures(table: Table) -> Table:
    """Leave out of an analysis of variance the figures beside it, which the head of the fit shows."""
    if table.id != "anova":
        return table
    end = next((place for place, row in enumerate(table.rows) if row.kind is RowKind.RULE), len(table.rows))
    return replace(table, rows=table.rows[:end])
