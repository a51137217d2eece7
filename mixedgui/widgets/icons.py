"""Vector icons coloured by the theme, and recoloured in place when it changes."""

from __future__ import annotations

import weakref
from typing import Protocol

from PySide6.QtGui import QIcon

from mixedgui.theme import Theme, theme
from mixedgui.widgets.glyphs import glyph_icon


class HasIcon(Protocol):
    """An action or a button."""

    def setIcon(self, icon: QIcon, /) -> None:
        """Show `icon`."""


_cache: dict[tuple[str, str, str], QIcon] = {}
_wearers: weakref.WeakKeyDictionary[HasIcon, tuple[str, str]] = weakref.WeakKeyDictionary()
_watched: weakref.WeakSet[Theme] = weakref.WeakSet()


def icon(name: str, role: str = "text2") -> QIcon:
    """Return a Phosphor icon by its bare name (``folder-open``; ``mdi6.lasso`` for others) in a token's colour."""
    look = theme()
    color = getattr(look.tokens, role)
    key = (name, color, look.tokens.disabled)
    if key not in _cache:
        _cache[key] = glyph_icon(name, color, look.tokens.disabled)
    return _cache[key]


def set_icon(wearer: HasIcon, name: str, role: str = "text2") -> None:
    """Give an action or button an icon that follows the theme; a later call replaces it."""
    look = theme()
    if look not in _watched:
        _watched.add(look)
        look.changed.connect(_recolour)
    _wearers[wearer] = (name, role)
    wearer.setIcon(icon(name, role))


def _recolour() -> None:
    for wearer, (name, role) in list(_wearers.items()):
        try:
            wearer.setIcon(icon(name, role))
        except RuntimeError:  # Qt has deleted it; Python still holds the shell
            _wearers.pop(wearer, None)
