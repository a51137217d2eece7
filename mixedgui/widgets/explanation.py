"""The card that explains a number: at the pointer, or at the number that has the focus."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QToolTip, QWidget

from mixedgui.state.translation import declared
from mixedgui.theme import theme

if TYPE_CHECKING:
    from engine.api import Explanation

READING_MS = 120_000
"""A card asked for by the keyboard stays until a key is pressed, at most so long."""
WIDTH_UNITS = 95


def explanation_html(found: Explanation) -> str:
    """Return an explanation as the rich text of a card."""
    exact = f" = {escape(_shown(found.exact))}" if found.exact else ""
    parts = [f"<b>{escape(found.title)}</b><br>{escape(found.subject)}{exact}"]
    if found.reading:
        parts.append(escape(found.reading))
    parts.append(escape(found.what))
    if found.formula:
        parts.append(f"<i>{escape(found.formula)}</i>")
    gap = theme().unit
    body = "".join(f'<p style="margin:0 0 {gap}px 0">{part}</p>' for part in parts)
    return f'<table width="{WIDTH_UNITS * theme().unit}"><tr><td>{body}</td></tr></table>'


def show_explanation(found: Explanation, widget: QWidget, at: QPoint, area: QRect, *, by_key: bool = False) -> None:
    """Show the card at a global place, for as long as the pointer stays in `area` of the widget."""
    QToolTip.showText(at, explanation_html(found), widget, area, READING_MS if by_key else -1)
    if by_key and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, found.text(declared)))


def _shown(exact: str) -> str:
    return exact.replace("-", "−")
