"""The strip at the foot of the page *Model*: the model as an equation, combined or level by level."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from mixedgui.state.equation_pieces import EQUALS, MINUS, PLUS, Equation, LevelLines, Line, Piece, Role, plain_text
from mixedgui.theme import theme
from mixedgui.widgets.segments import Segments

SERIF = "Cambria, 'STIX Two Text', 'STIX Two Math', 'DejaVu Serif', serif"

_VIEWS = (
    ("combined", "Combined", "mdi6.function-variant", "The model in one line"),
    ("levels", "By level", "tree-structure", "One line per coefficient and level, observations first"),
)


class _Words(QLabel):
    """Wrapped text that asks for the height it needs at its width, not at the narrowest."""

    def minimumSizeHint(self) -> QSize:
        """Return the least width, and the height at the width there is."""
        least = 40 * theme().unit
        return QSize(least, self.heightForWidth(max(self.width(), least)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class EquationStrip(QFrame):
    """Shows an equation; hidden while there is none.

    Attributes
    ----------
    switched
        The other view was chosen.
    """

    switched = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        unit = theme().unit
        self.setObjectName("mixed_equation_text")
        self._equation: Equation | None = None
        self._label = _Words(self)
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setWordWrap(True)
        self._label.setAccessibleName("The model as an equation")
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self._label.setSizePolicy(policy)
        self.views: dict[str, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * unit, 2 * unit, 3 * unit, 2 * unit)
        row.setSpacing(unit)
        row.addWidget(self._label, 1)
        segments = Segments(self)
        for name, text, sign, tip in _VIEWS:
            button = segments.add(f"mixed_equation_text_{name}", text, sign, self._switch)
            button.setToolTip(tip)
            button.setAccessibleName(text)
            button.setAccessibleDescription(tip)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.views[name] = button
        row.addWidget(segments, 0, Qt.AlignmentFlag.AlignTop)
        self.views["combined"].setChecked(True)
        theme().changed.connect(self._refresh)
        self.hide()

    def text(self) -> str:
        """Return what is shown as characters alone."""
        if self._equation is None:
            return ""
        if self.views["combined"].isChecked():
            return "\n".join(filter(None, (plain_text(self._equation.combined), self._spread())))
        return "\n".join(_spoken(level) for level in self._equation.levels)

    def _spread(self) -> str:
        """Return how random effects are distributed, as characters alone."""
        return "; ".join(plain_text(line) for line in self._equation.spread) if self._equation is not None else ""

    def show_equation(self, equation: Equation | None) -> None:
        """Show an equation, or nothing."""
        self.setVisible(equation is not None)
        if equation != self._equation:
            self._equation = equation
            self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        super().paintEvent(event)
        look = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("line"), 1))
        painter.setBrush(look.color("alt"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), look.unit, look.unit)
        painter.end()

    def _switch(self) -> None:
        self._refresh()
        self.switched.emit()

    @Slot()
    def _refresh(self) -> None:
        if self._equation is None:
            return
        combined = self.views["combined"].isChecked()
        body = _html(self._equation.combined) + _notes(self._equation.spread) if combined else ""
        body = body or _table(self._equation.levels)
        size = theme().font(1.15).pointSizeF()
        self._label.setText(f'<div style="font-family:{SERIF}; font-size:{size:.1f}pt">{body}</div>')
        self._label.setAccessibleDescription(self.text())


def _spoken(level: LevelLines) -> str:
    lines = "; ".join(plain_text(line) for line in level.lines)
    return f"{level.title}: {lines}{f' ({level.note})' if level.note else ''}"


def _table(levels: tuple[LevelLines, ...]) -> str:
    """Return one row per level: its name, its equations, how its effects vary."""
    quiet = theme().color("text2").name()
    family = theme().font().family()
    small = theme().font(0.92).pointSizeF()
    plain = f"font-family:'{family}'; font-size:{small:.1f}pt; color:{quiet}"
    gap = 2 * theme().unit
    rows = []
    for level in levels:
        lines = "<br>".join(_html(line) for line in level.lines)
        rows.append(
            f'<tr><td style="padding-right:{2 * gap}px; {plain}">{escape(level.title)}</td>'
            f'<td style="padding-right:{2 * gap}px">{lines}</td><td style="{plain}">{escape(level.note)}</td></tr>'
        )
    return f'<table cellspacing="0" cellpadding="{gap // 4}">{"".join(rows)}</table>'


def _notes(lines: tuple[Line, ...]) -> str:
    """Return the distributions in smaller type under the equation."""
    if not lines:
        return ""
    quiet, small = theme().color("text2").name(), theme().font(0.95).pointSizeF()
    words = " &nbsp; ".join(_html(line) for line in lines)
    return f'<div style="font-size:{small:.1f}pt; color:{quiet}; margin-top:{theme().unit}px">{words}</div>'


def _html(line: Line) -> str:
    """Return a line that breaks before ``+`` and ``=`` only."""
    words = [_piece(line[0])]
    for piece in line[1:]:
        breaks = piece.role is Role.SIGN and piece.text in (PLUS, MINUS, EQUALS)
        words.append((" " if breaks else "&nbsp;") + _piece(piece))
    return "".join(words)


def _piece(piece: Piece) -> str:
    text = escape(piece.text)
    if piece.role not in (Role.SIGN, Role.NUMBER):
        text = f"<b>{text}</b>" if piece.many else f"<i>{text}</i>"
    sub = f"<sub>{escape(piece.sub)}</sub>" if piece.sub else ""
    sup = f"<sup>{escape(piece.sup)}</sup>" if piece.sup else ""
    if piece.role is Role.RANDOM:
        return f'<span style="color:{theme().color("ok").name()}">{text}{sub}{sup}</span>'
    return f"{text}{sub}{sup}"
