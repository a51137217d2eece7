"""Signs and buttons inside a line edit, at its ends, as large as its text (those of Qt stay at 16 pixels)."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLineEdit, QToolButton

from mixedgui.theme import theme
from mixedgui.widgets.icons import set_icon


class EdgeButtons:
    """Takes room from the text of a line edit; the edit calls `place` when its size changes.

    Parameters
    ----------
    edit
        The line edit.
    """

    def __init__(self, edit: QLineEdit) -> None:
        self._edit = edit
        self._leading: list[QToolButton] = []
        self._trailing: list[QToolButton] = []

    def add_sign(self, glyph: str) -> QToolButton:
        """Put a sign before the text; a click on it is one on the field."""
        sign = self._make(glyph, self._leading)
        sign.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return sign

    def add_button(self, glyph: str, name: str) -> QToolButton:
        """Put a button behind the text, named for pointer and screen reader."""
        button = self._make(glyph, self._trailing)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        return button

    def place(self) -> None:
        """Put everything at its end, and the text between."""
        edit, unit = self._edit, theme().unit
        side = min(6 * unit, edit.height())
        taken = [0, 0]
        for end, buttons in enumerate((self._leading, self._trailing)):
            for button in buttons:
                if button.isHidden():
                    continue
                left = (end == 0) == (edit.layoutDirection() is Qt.LayoutDirection.LeftToRight)
                x = unit + taken[end] if left else edit.width() - unit - taken[end] - side
                button.setGeometry(x, (edit.height() - side) // 2, side, side)
                taken[end] += side
        before, after = taken if edit.layoutDirection() is Qt.LayoutDirection.LeftToRight else reversed(taken)
        edit.setTextMargins(before, 0, after, 0)

    def _make(self, glyph: str, end: list[QToolButton]) -> QToolButton:
        button = QToolButton(self._edit)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        side = 4 * theme().unit
        button.setIconSize(QSize(side, side))
        set_icon(button, glyph)
        end.append(button)
        return button
