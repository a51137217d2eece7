"""The keys of the window's actions: which there are, what the user changed, and which collide."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from mixedgui.preferences import Preferences

_PORTABLE = QKeySequence.SequenceFormat.PortableText


@dataclass(slots=True, eq=False)
class Shortcut:
    """One action with the keys it was made with."""

    key: str
    text: str
    action: QAction
    usual: tuple[str, ...]

    @property
    def now(self) -> tuple[str, ...]:
        """The keys in force."""
        return tuple(keys.toString(_PORTABLE) for keys in self.action.shortcuts())


class Shortcuts:
    """The actions of a window that can be called by keys.

    Parameters
    ----------
    window
        Its actions, and those of its menus and panes; actions that several widgets show count once.
    preferences
        Where changed keys are kept.
    """

    def __init__(self, window: QWidget, preferences: Preferences) -> None:
        self._preferences = preferences
        self.all = tuple(_told_apart(list(_found(window.findChildren(QAction)))))

    def apply(self) -> None:
        """Give actions the keys that the user chose in an earlier session."""
        kept = self._preferences.shortcuts()
        for shortcut in self.all:
            if shortcut.key in kept:
                _set(shortcut, kept[shortcut.key])

    def change(self, shortcut: Shortcut, keys: str) -> None:
        """Give an action other keys, none for an empty text, and remember them."""
        wanted = (keys,) if keys else ()
        _set(shortcut, wanted)
        self._preferences.save_shortcut(shortcut.key, None if wanted == shortcut.usual else wanted)

    def restore(self, shortcut: Shortcut) -> None:
        """Give an action the keys it was made with."""
        _set(shortcut, shortcut.usual)
        self._preferences.save_shortcut(shortcut.key, None)

    def others_with(self, shortcut: Shortcut, keys: str) -> tuple[Shortcut, ...]:
        """Return the other actions that have the same keys."""
        return tuple(other for other in self.all if keys and other is not shortcut and keys in other.now)


def _set(shortcut: Shortcut, keys: Iterable[str]) -> None:
    shortcut.action.setShortcuts([QKeySequence(each, _PORTABLE) for each in keys])


def _found(actions: Iterable[QAction]) -> Iterable[Shortcut]:
    seen: set[str] = set()
    for action in actions:
        text = plain(action.text())
        named = action.objectName()
        if not text or action.menu() is not None or not (action.shortcuts() or named.startswith("action_")):
            continue
        key = named or re.sub(r"\W+", "_", text.lower()).strip("_")
        if key not in seen:
            seen.add(key)
            yield Shortcut(key, text, action, tuple(keys.toString(_PORTABLE) for keys in action.shortcuts()))


def _told_apart(shortcuts: list[Shortcut]) -> list[Shortcut]:
    """Put the menu before texts that several actions have."""
    counts = Counter(shortcut.text for shortcut in shortcuts)
    for shortcut in shortcuts:
        menus = [each for each in shortcut.action.associatedObjects() if isinstance(each, QMenu) and each.title()]
        if counts[shortcut.text] > 1 and menus:
            shortcut.text = f"{plain(menus[0].title())}: {shortcut.text}"
    return shortcuts


def plain(text: str) -> str:
    """Return an action's text without its mnemonic and dots."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…").strip()
