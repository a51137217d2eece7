"""An equation as rich text: serif letters, symbols in italics, random effects in green; and a label that shows it."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from mixedgui.state.equation_pieces import EQUALS, MINUS, PLUS, Equation, LevelLines, Line, Piece, Role, plain_text
from mixedgui.theme import theme

SERIF = "Cambria, 'STIX Two Text', 'STIX Two Math', 'DejaVu Serif', serif"


class EquationLabel(QLabel):
    """Wrapped text that asks for the height it needs at its width, not at the narrowest."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_combined(self, equation: Equation, factor: float = 1.0) -> None:
        """Show the model in one line, with how its effects are distributed where that is known."""
        self._show(combined_html(equation.combined) + _notes(equation.spread), factor)

    def show_levels(self, equation: Equation, factor: float = 1.0) -> None:
        """Show one line per coefficient and level."""
        self._show(_table(equation.levels), factor)

    def _show(self, body: str, factor: float) -> None:
        size = theme().font(1.15 * factor).pointSizeF()
        self.setText(f'<div style="font-family:{SERIF}; font-size:{size:.1f}pt">{body}</div>')

    def minimumSizeHint(self) -> QSize:
        """Return the least width, and the height at the width there is."""
        least = 40 * theme().unit
        return QSize(least, self.heightForWidth(max(self.width(), least)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


def combined_text(equation: Equation) -> str:
    """Return the model in one line as characters alone, and how its effects are distributed below."""
    return "\n".join(filter(None, (plain_text(equation.combined), "; ".join(map(plain_text, equation.spread)))))


def levels_text(equation: Equation) -> str:
    """Return the model level by level as characters alone."""
    return "\n".join(_spoken(level) for level in equation.levels)


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
        lines = "<br>".join(combined_html(line) for line in level.lines)
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
    words = " &nbsp; ".join(combined_html(line) for line in lines)
    return f'<div style="font-size:{small:.1f}pt; color:{quiet}; margin-top:{theme().unit}px">{words}</div>'


def combined_html(line: Line) -> str:
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
