"""The assumption card: each assumption with its plot, one number, and one plain sentence."""

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
from mixedgui.widgets.tinted_label import TintedLabel

_MARKS = {
    Concern.NONE: ("check-circle", "ok", "fine"),
    Concern.LOOK: ("eye", "warn", "worth a look"),
    Concern.ACT: ("warning", "error", "act"),
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
        self.setAccessibleName(f"{finding.title}: {word}")
        self.setAccessibleDescription(finding.sentence)
        unit = theme().unit
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * unit, 2 * unit, 3 * unit, 2 * unit)
        mark = QLabel(self)
        side = 5 * unit
        mark.setPixmap(icon(glyph, token).pixmap(side, side))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(unit // 2)
        head = QHBoxLayout()
        head.addWidget(TintedLabel(finding.title, "text", self, bold=True), 1)
        head.addWidget(TintedLabel(word, token, self, factor=0.92))
        column.addLayout(head)
        for text, colour in ((finding.sentence, "text"), (numbers(finding), "text2")):
            label = TintedLabel(text, colour, self, factor=1.0 if colour == "text" else 0.92)
            label.setWordWrap(True)
            column.addWidget(label)
        row.addLayout(column, 1)
        self.set_chosen(False)

    def set_chosen(self, chosen: bool) -> None:
        """Show whether its plot is the one beside."""
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase if chosen else QPalette.ColorRole.Base)
        self.setFrameShape(QFrame.Shape.StyledPanel if chosen else QFrame.Shape.NoFrame)

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


class AssumptionPage(QWidget):
    """Cards at the left, the plot of the chosen one at the right.

    Attributes
    ----------
    made
        Emits every new tile, so that the dashboard can link it.
    """

    made = Signal(object)

    def __init__(self, host: Linked, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = host
        self.cards: tuple[Card, ...] = ()
        self.tiles: dict[str, PlotTile] = {}
        self._column = QVBoxLayout()
        self._column.setSpacing(theme().unit)
        inner = QWidget(self)
        inner.setLayout(self._column)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._plots = QStackedWidget(self)
        self._words = TintedLabel("", "text2", self)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._plots.addWidget(self._words)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(scroll, 2)
        row.addWidget(self._plots, 3)

    def say(self, text: str) -> None:
        """Show words in place of a plot."""
        self._words.setText(text)
        self._plots.setCurrentWidget(self._words)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Make a card of each; the first that deserves a look is chosen."""
        self.cards = tuple(Card(finding, self) for finding in findings)
        for card in self.cards:
            card.chosen.connect(self.choose)
            self._column.addWidget(card)
        self._column.addStretch(1)
        with_plot = [card for card in self.cards if card.finding.plot]
        flagged = [c for c in with_plot if c.finding.concern in (Concern.LOOK, Concern.ACT)]
        if with_plot:
            self.choose((flagged or with_plot)[0])

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
            self._plots.addWidget(tile)
            self.made.emit(tile)
            tile.ask()
        self._plots.setCurrentWidget(self.tiles[command])
