"""The results as a column of cards: the same blocks as in the text, their tables set as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from engine.api import Block, Document, Lines, Role, Table, render_html
from mixedgui.docks.results.record import Record
from mixedgui.docks.results.record_menu import RecordActions
from mixedgui.docks.results.text_format import ROLE_TOKENS
from mixedgui.theme import theme
from mixedgui.widgets.highlighter import coloured_html
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.pane_head import icon_button

SETTLING_MS = 300

SHOWN_ROWS = 300
"""A longer table shows its beginning and says so; the text view has all of it."""


class ResultsTables(QScrollArea):
    """Cards for the records of a log; they are made when the view is seen.

    Attributes
    ----------
    text_wanted
        A record is to be shown in the text view.
    """

    text_wanted = Signal(object)

    def __init__(self, records: Sequence[Record], actions: RecordActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("results_tables")
        self.setAccessibleName(self.tr("Results, tables"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self._records, self._actions = records, actions
        self._factor = 1.0
        self._cards: dict[Record, _Card] = {}
        page = QWidget(self)
        page.setAutoFillBackground(True)
        page.setBackgroundRole(QPalette.ColorRole.Window)
        self._column = QVBoxLayout(page)
        unit = theme().unit
        self._column.setContentsMargins(3 * unit, 3 * unit, 3 * unit, 3 * unit)
        self._column.setSpacing(3 * unit)
        self._column.addStretch(1)
        self.setWidget(page)
        self._followed: Record | None = None
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLING_MS)
        self._settled.timeout.connect(self._stop_following)
        self.verticalScrollBar().rangeChanged.connect(self._follow)
        theme().changed.connect(self._renew)

    def set_factor(self, factor: float) -> None:
        """Show text `factor` times as large as the interface's."""
        if factor != self._factor:
            self._factor = factor
            self._renew()

    @Slot()
    def sync(self) -> None:
        """Make cards for records that are complete and have none, drop those of records that are gone."""
        if not self.isVisible():
            return
        for record in [record for record in self._cards if record not in self._records]:
            self._cards.pop(record).deleteLater()
        added = False
        for record in self._records:
            if record.outcome is not None and record not in self._cards:
                card = _Card(record, self._actions, self._factor)
                card.text_wanted.connect(self.text_wanted)
                self._cards[record] = card
                self._column.insertWidget(self._column.count() - 1, card)
                added = True
        if added:
            # the cards get their heights one by one: the last is followed until they have settled
            self._followed = self._records[-1]
            self._settled.start()
            self._follow()

    def go_to(self, record: Record) -> None:
        """Bring a record's card into view."""
        card = self._cards.get(record)
        if card is not None:
            self.verticalScrollBar().setValue(card.y() - theme().unit)

    @Slot()
    def _follow(self) -> None:
        if self._followed is not None:
            self.go_to(self._followed)

    @Slot()
    def _stop_following(self) -> None:
        self._followed = None

    @Slot()
    def _renew(self) -> None:
        for card in self._cards.values():
            card.deleteLater()
        self._cards.clear()
        self.sync()


class _Card(QFrame):
    """One command: its head with tools, the folded log, what it printed."""

    text_wanted = Signal(object)

    def __init__(self, record: Record, actions: RecordActions, factor: float) -> None:
        super().__init__()
        self._record, self._actions = record, actions
        self.setAccessibleName(record.command)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        unit = theme().unit
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 3 * unit)
        column.setSpacing(2 * unit)
        column.addWidget(self._head())
        self._body = QWidget(self)
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(4 * unit, 0, 4 * unit, 0)
        inner.setSpacing(unit)
        for folded, blocks in _groups([piece.block for piece in record.pieces]):
            text = _body_text(blocks, factor, self)
            if folded:
                inner.addWidget(self._log_button(text, blocks))
            inner.addWidget(text)
        column.addWidget(self._body)

    def _head(self) -> QWidget:
        unit = theme().unit
        head = QWidget(self)
        row = QHBoxLayout(head)
        row.setContentsMargins(unit, unit, 2 * unit, unit)
        row.setSpacing(unit)
        self._fold = icon_button("caret-down", self.tr("Fold this result"), head)
        self._fold.clicked.connect(self._toggle)
        command = QLabel(head)
        command.setTextFormat(Qt.TextFormat.RichText)
        command.setFont(theme().mono())
        command.setText(coloured_html("\n".join(self._record.echo)))
        command.setWordWrap(True)
        row.addWidget(self._fold)
        row.addWidget(command, 1)
        for icon, name, call in (
            ("copy", self.tr("Copy table"), self._copy),
            ("pencil-simple", self.tr("Put into Command"), self._edit),
            ("arrow-clockwise", self.tr("Run again"), self._again),
        ):
            button = icon_button(icon, name, head)
            button.clicked.connect(call)
            button.setVisible(icon != "copy" or bool(self._record.tables))
            row.addWidget(button)
        self._more = icon_button("dots-three", self.tr("More for this result"), head)
        self._more.clicked.connect(self._menu)
        row.addWidget(self._more)
        return head

    def _log_button(self, text: QLabel, blocks: Sequence[Block]) -> QToolButton:
        button = QToolButton(self)
        button.setText(_log_summary(blocks))
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
        folded = self._body.isVisible()
        self._body.setVisible(not folded)
        set_icon(self._fold, "caret-right" if folded else "caret-down")

    @Slot()
    def _copy(self) -> None:
        table = self._actions.table_at(self._record, None)
        if table is not None:
            self._actions.copy(table)

    @Slot()
    def _edit(self) -> None:
        self._actions.edit_wanted.emit(self._record.command)

    @Slot()
    def _again(self) -> None:
        self._actions.run_wanted.emit(self._record.command)

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


def _groups(blocks: Sequence[Block]) -> Iterator[tuple[bool, list[Block]]]:
    """Yield runs of blocks that fold away together, and runs of those that do not."""
    run: list[Block] = []
    folded = False
    for block in blocks:
        folds = isinstance(block, Lines) and block.foldable
        if run and folds is not folded:
            yield folded, run
            run = []
        folded = folds
        run.append(block)
    if run:
        yield folded, run


def _log_summary(blocks: Sequence[Block]) -> str:
    lines = [
        line for block in blocks if isinstance(block, Lines) for line in block.lines if line.startswith("Iteration")
    ]
    return f"Iteration log  ·  {lines[-1].strip()}" if lines else "Iteration log"


def _body_text(blocks: Sequence[Block], factor: float, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setFont(theme().font(factor))
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    parts = [_style(factor)]
    for block in blocks:
        shown, note = _shortened(block)
        parts.append(render_html(Document((shown,))))
        if note:
            parts.append(f'<p class="log">{escape(note)}</p>')
    label.setText("".join(parts))
    return label


def _shortened(block: Block) -> tuple[Block, str]:
    if isinstance(block, Table) and len(block.rows) > SHOWN_ROWS:
        note = f"{SHOWN_ROWS} of {len(block.rows):,} rows; the text view has all of them"
        return replace(block, rows=block.rows[:SHOWN_ROWS]), note
    if isinstance(block, Lines) and len(block.lines) > SHOWN_ROWS:
        note = f"{SHOWN_ROWS} of {len(block.lines):,} lines; the text view has all of them"
        return replace(block, lines=block.lines[:SHOWN_ROWS]), note
    return block, ""


def _style(factor: float) -> str:
    """Return the style element: colours by role, the fixed-pitch font for what keeps its columns."""
    mono = theme().mono(factor)
    families = ", ".join(f"'{family}'" for family in mono.families())
    rules = [f"pre {{ font-family: {families}; }}"]
    rules += [f".{role.value} {{ color: {getattr(theme().tokens, ROLE_TOKENS[role])}; }}" for role in Role]
    return f"<style>{' '.join(rules)}</style>"
