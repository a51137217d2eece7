"""Giving the labels of one page, and the entries of one menu, mnemonics that do not collide."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu

_MNEMONIC = re.compile(r"(?<!&)&(?!&)(.)")


def assign_mnemonics(wearers: Iterable[QLabel | QAbstractButton], taken: str = "") -> None:
    """Underline one letter in each text: the first letter of a word where that is free, else any free letter."""
    used = set(taken.lower())
    for wearer in wearers:
        wearer.setText(_underlined(wearer.text().replace("&", ""), used))


def assign_menu_mnemonics(menu: QMenu) -> None:
    """Underline one letter in each entry of a menu that has none yet, and so in the menus that it opens."""
    entries = [action for action in menu.actions() if action.text() and not action.isSeparator()]
    used = {found.group(1).lower() for action in entries if (found := _MNEMONIC.search(action.text())) is not None}
    for action in entries:
        if _MNEMONIC.search(action.text()) is None:
            action.setText(_underlined(action.text().replace("&&", "\0"), used).replace("\0", "&&"))
        inner = action.menu()
        if isinstance(inner, QMenu):
            assign_menu_mnemonics(inner)


def _underlined(text: str, used: set[str]) -> str:
    """Return the text with a mark before a letter that is not used yet, which is used from then on."""
    place = _free_place(text, used)
    if place is None:
        return text
    used.add(text[place].lower())
    return f"{text[:place]}&{text[place:]}"


def _free_place(text: str, used: set[str]) -> int | None:
    starts = [i for i, letter in enumerate(text) if letter.isalpha() and (i == 0 or text[i - 1] == " ")]
    others = [i for i, letter in enumerate(text) if letter.isalpha() and i not in starts]
    return next((i for i in (*starts, *others) if text[i].isascii() and text[i].lower() not in used), None)
