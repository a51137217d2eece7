"""The assumptions: a card for each with its sign, one number and one plain sentence; its plot on a page of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from engine.api import Concern, Finding, format_value
from mixedgui.docks.diagnostics.tile import Linked, PlotTile
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.icons import icon
from mixedgui.widgets.pane_head import PaneHead
from mixedgui.widgets.section import rule
from mixedgui.widgets.tinted_label import TintedLabel

_MARKS = {
    Concern.NONE: ("check-circle-fill", "ok", mark("fine")),
    Concern.LOOK: ("eye-fill", "warn", mark("worth a look")),
    Concern.ACT: ("warning-fill", "error", mark("act")),
    Concern.UNKNOWN: ("question", "text2", mark("not known")),
}


_SMALL_P = 0.001


class Card(QFrame):
    """One assumption; a click or Enter chooses it."""

    chosen = Signal(object)

    def __init__(self, finding: Finding, parent: QWidget) -> None:
        super().__init__(parent)
        self.finding = finding
        self.setObjectName(f"card_{finding.key}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoFillBackground(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        glyph, token, word = _MARKS[finding.concern]
        word = tr(word)
        self.setAccessibleName(f"{finding.title}: {word}")
        self.setAccessibleDescription(finding.sentence)
        unit = theme().unit
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * unit, 2 * unit, 3 * unit, 2 * unit)
        sign = QLabel(self)
        side = 4 * unit
        sign.setPixmap(icon(glyph, token).pixmap(side, side))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(unit // 2)
        head = QHBoxLayout()
        title = TintedLabel(finding.title, "text", self, bold=True)
        title.setWordWrap(True)
        head.addWidget(title, 1)
        head.addWidget(TintedLabel(word, "text2", self, factor=0.92), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        for text, colour in ((finding.sentence, "text"), (numbers(finding), "text2")):
            label = TintedLabel(text, colour, self, factor=0.92)
            label.setWordWrap(True)
            column.addWidget(label)
        row.addLayout(column, 1)
        self.set_chosen(False)

    def set_chosen(self, chosen: bool) -> None:
        """Show whether its plot is the one beside."""
        self.setBackgroundRole(QPalette.ColorRole.Highlight if chosen else QPalette.ColorRole.Base)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        self.chosen.emit(self)
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose it by Enter or Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(self)
        else:
            super().keyPressEvent(event)


def numbers(finding: Finding) -> str:
    """Return the number of effect size and, second, the p-value."""
    text = f"{finding.measure}: {_short(finding.value)}"
    if math.isnan(finding.p):
        return text
    return f"{text}; p < .001" if finding.p < _SMALL_P else f"{text}; p = {_short(finding.p)}"


def _short(value: float) -> str:
    return tr("not known") if math.isnan(value) else format_value(value, "%9.3g").strip()


class AssumptionPane(QWidget):
    """A card for each assumption.

    Attributes
    ----------
    made
        Emits every new tile, so that the dashboard can link it.
    opened
        A card was chosen by the user: its plot is the one in `plots`.
    plots
        Shows the plot of the card chosen; the dashboard gives it a place.
    """

    made = Signal(object)
    opened = Signal()

    def __init__(self, host: Linked, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = host
        self.cards: tuple[Card, ...] = ()
        self.tiles: dict[str, PlotTile] = {}
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        inner = QWidget(self)
        inner.setLayout(self._column)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for widget in (scroll, inner):
            widget.setAutoFillBackground(True)
            widget.setBackgroundRole(QPalette.ColorRole.Base)
        unit = theme().unit
        self.plots = QStackedWidget(self)
        self.plots.setContentsMargins(3 * unit, 3 * unit, 3 * unit, 3 * unit)
        self._words = TintedLabel("", "text2", self)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.plots.addWidget(self._words)
        self._head = PaneHead(tr("Assumptions"), self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(scroll, 1)

    def say(self, text: str) -> None:
        """Show words in place of a plot, and in the head while there are no cards."""
        self._words.setText(text)
        self.plots.setCurrentWidget(self._words)
        if not self.cards:
            self._head.set_count(text)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Make a card of each; the first that deserves a look is chosen."""
        self.cards = tuple(Card(finding, self) for finding in findings)
        for card in self.cards:
            card.chosen.connect(self._open)
            self._column.addWidget(card)
            self._column.addWidget(rule(self))
        self._column.addStretch(1)
        good = sum(finding.concern is Concern.NONE for finding in findings)
        flagged = [c for c in self.cards if c.finding.concern in (Concern.LOOK, Concern.ACT)]
        self._head.set_count(tr("{good} good, {look} to look at").format(good=good, look=len(flagged)))
        with_plot = [card for card in (*flagged, *self.cards) if card.finding.plot]
        if with_plot:
            self.choose(with_plot[0])

    @Slot(object)
    def _open(self, card: Card) -> None:
        self.choose(card)
        self.opened.emit()

    @Slot(object)
    def choose(self, card: Card) -> None:
        """Show the plot of a card."""
        for other in self.cards:
            other.set_chosen(other is card)
        command = card.finding.plot
        if not command:
            self.say(card.finding.sentence)
            return
        if command not in self.tiles:
            tile = PlotTile(command, self._host, self)
            self.tiles[command] = tile
            self.plots.addWidget(tile)
            self.made.emit(tile)
        self.plots.setCurrentWidget(self.tiles[command])
