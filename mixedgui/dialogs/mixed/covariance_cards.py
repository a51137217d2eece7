"""Covariance structures as four cards with a picture of the matrix."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from engine.api import MIXED, CovarianceKind
from mixedgui.state.equation_state import FACTOR_COVARIANCES
from mixedgui.state.translation import counted, tr
from mixedgui.theme import theme

_PICTURES = {
    CovarianceKind.INDEPENDENT: ("a", "0", "0", "b"),
    CovarianceKind.UNSTRUCTURED: ("a", "c", "c", "b"),
    CovarianceKind.EXCHANGEABLE: ("a", "c", "c", "a"),
    CovarianceKind.IDENTITY: ("a", "0", "0", "a"),
}
"""Elements of a 2x2 matrix, row by row; equal letters are equal numbers."""

_GROUNDS = {"a": 5, "b": 4, "c": 2}
"""Letter -> colour of the data series behind it."""


def card_text(structure: CovarianceKind, effects: int | None) -> str:
    """Say what a structure estimates for so many random effects (None: not known)."""
    if effects is not None and effects <= 1:
        return tr("1 variance") if effects else tr("nothing to estimate")
    many = tr("a variance each") if effects is None else counted(effects, "{n} variance", "{n} variances")
    match structure:
        case CovarianceKind.INDEPENDENT:
            return tr("{many}, no covariance").format(many=many)
        case CovarianceKind.EXCHANGEABLE:
            return tr("1 variance, 1 covariance")
        case CovarianceKind.IDENTITY:
            return tr("1 variance, no covariance")
    if effects is None:
        return tr("all variances and covariances")
    pairs = effects * (effects - 1) // 2
    return tr("{0}, {1}").format(many, counted(pairs, "{n} covariance", "{n} covariances"))


_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class CovarianceCard(QAbstractButton):
    """One structure: picture, name, and what it estimates.

    Attributes
    ----------
    stepped
        An arrow key asks for the card before (-1) or after (1).
    """

    stepped = Signal(int)

    def __init__(self, structure: CovarianceKind, label: str, help_text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.structure = structure
        self._what = ""
        self._help = help_text
        self.setText(label)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setObjectName(f"mixed_equation_covariance_{structure.value}")
        self.setAccessibleName(label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the arrow keys choose the neighbour."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def show_what(self, what: str, reason: str = "") -> None:
        """Show what the structure estimates; switch the card off for a reason."""
        self._what = what
        self.setEnabled(not reason)
        text = f"{what}. {self._help}"
        self.setAccessibleDescription(tr("Not available now: {reason}").format(reason=reason) if reason else text)
        self.setToolTip(tr("<b>Not available now</b><br>{reason}").format(reason=reason) if reason else self._help)
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for picture, name and two lines."""
        unit, metrics = theme().unit, self.fontMetrics()
        return QSize(30 * unit, 13 * unit + 3 * metrics.lineSpacing() + 4 * unit)

    def minimumSizeHint(self) -> QSize:
        """Return the least size."""
        return QSize(22 * theme().unit, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card."""
        look, unit = theme(), theme().unit
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        thick = chosen or self.hasFocus()
        painter.setPen(QPen(look.color("accent" if thick else "control"), 2 if thick else 1))
        painter.setBrush(look.color("soft" if chosen else "base" if self.isEnabled() else "window"))
        painter.drawRoundedRect(frame, 1.5 * unit, 1.5 * unit)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.color("accent"), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(frame.adjusted(3, 3, -3, -3), unit, unit)
        self._draw_matrix(painter)
        top = round(12.5 * unit)
        bold, small = look.font(bold=True), look.font(0.92)
        painter.setPen(look.color("text" if self.isEnabled() else "disabled"))
        painter.setFont(bold)
        height = QFontMetrics(bold).lineSpacing()
        painter.drawText(QRect(0, top, self.width(), height), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.setPen(look.color("text2" if self.isEnabled() else "disabled"))
        painter.setFont(small)
        rest = QRect(2 * unit, top + height, self.width() - 4 * unit, self.height() - top - height - unit)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(rest, flags, self._what)
        painter.end()

    def _draw_matrix(self, painter: QPainter) -> None:
        look, unit = theme(), theme().unit
        side = round(4.5 * unit)
        left = self.width() // 2 - side
        painter.setFont(look.font(0.85))
        for place, letter in enumerate(_PICTURES[self.structure]):
            cell = QRect(left + (place % 2) * side, round(2.5 * unit) + (place // 2) * side, side, side)
            inner = cell.adjusted(1, 1, -1, -1)
            ground = _GROUNDS.get(letter)
            if ground is None or not self.isEnabled():
                painter.setPen(QPen(look.color("control"), 1))
                painter.setBrush(look.color("base"))
                painter.drawRect(inner)
                painter.setPen(look.color("text2"))
            else:
                painter.fillRect(inner, QColor(_SERIES[ground]))
                painter.setPen(QColor("#111111"))
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, letter)


_SERIES = {5: "#8CCBF0", 4: "#F5C04A", 2: "#7FD3B5"}
"""Tints of the series colours that dark letters read on, in both schemes."""


class CovarianceCards(QWidget):
    """Four cards of which one is chosen; reads and writes like a list box.

    Attributes
    ----------
    chosen
        The user chose a structure (`CovarianceKind`).
    """

    chosen = Signal(object)
    currentTextChanged = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Covariance of the random effects"))
        self._group = QButtonGroup(self)
        self._cards: dict[CovarianceKind, CovarianceCard] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * theme().unit)
        declared = next(decl for decl in MIXED.options if decl.name == "covariance")
        words = {choice.word: choice for choice in declared.choices}
        for structure in _PICTURES:
            choice = words[structure.value]
            card = CovarianceCard(structure, choice.label, choice.help, self)
            self._cards[structure] = card
            card.stepped.connect(self._step)
            self._group.addButton(card)
            row.addWidget(card)
        self._group.buttonToggled.connect(self._toggled)
        self.setFocusProxy(self._cards[CovarianceKind.INDEPENDENT])
        theme().changed.connect(self.update)

    @property
    def cards(self) -> tuple[CovarianceCard, ...]:
        """The cards from left to right."""
        return tuple(self._cards.values())

    def structure(self) -> CovarianceKind:
        """Return the structure chosen."""
        return next((s for s, card in self._cards.items() if card.isChecked()), CovarianceKind.INDEPENDENT)

    def show_structure(self, structure: CovarianceKind, effects: int | None, *, crossed: bool) -> None:
        """Show the structure in force, what each would estimate, and which a crossed factor rules out."""
        self._group.blockSignals(True)
        self._cards[structure].setChecked(True)
        self._group.blockSignals(False)
        for kind, card in self._cards.items():
            off = crossed and kind not in FACTOR_COVARIANCES
            reason = (
                tr("a crossed factor (R.) has one variance for all its values: identity or exchangeable") if off else ""
            )
            card.show_what(card_text(kind, effects), reason)
        self.setFocusProxy(self._cards[structure])

    def count(self) -> int:
        """Return the number of structures."""
        return len(self._cards)

    def itemText(self, index: int) -> str:
        """Return the word of one structure."""
        return list(self._cards)[index].value

    def findText(self, text: str) -> int:
        """Return the place of a structure by word or abbreviation, -1 for none."""
        words = [kind.value for kind in self._cards]
        return next((i for i, word in enumerate(words) if text and word.startswith(text.lower())), -1)

    def currentIndex(self) -> int:
        """Return the place of the structure chosen."""
        return list(self._cards).index(self.structure())

    def currentText(self) -> str:
        """Return the word of the structure chosen."""
        return self.structure().value

    def currentData(self) -> str:
        """Return the word of the structure chosen."""
        return self.currentText()

    def setCurrentIndex(self, index: int) -> None:
        """Choose a structure by its place."""
        if 0 <= index < len(self._cards):
            self.cards[index].setChecked(True)

    def setCurrentText(self, text: str) -> None:
        """Choose a structure by its word."""
        self.setCurrentIndex(self.findText(text))

    def changeEvent(self, event: QEvent) -> None:
        """Redraw in the new colours."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.update()

    @Slot(int)
    def _step(self, by: int) -> None:
        usable = [card for card in self.cards if card.isEnabled()]
        place = next((i for i, card in enumerate(usable) if card.hasFocus()), 0)
        card = usable[(place + by) % len(usable)]
        card.setFocus(Qt.FocusReason.TabFocusReason)
        card.setChecked(True)

    @Slot(QAbstractButton, bool)
    def _toggled(self, card: QAbstractButton, on: bool) -> None:
        if on and isinstance(card, CovarianceCard):
            self.chosen.emit(card.structure)
            self.currentTextChanged.emit(card.structure.value)
