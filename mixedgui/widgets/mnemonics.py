"""Giving the labels of one page mnemonics that do not collide."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QAbstractButton, QLabel


def assign_mnemonics(wearers: Iterable[QLabel | QAbstractButton], taken: str = "") -> None:
    """Underline one letter in each text: the first letter of a word where that is free, else any free letter."""
    used = set(taken.lower())
    for wearer in wearers:
        text = wearer.text().replace("&", "")
        place = _free_place(text, used)
        if place is not None:
            used.add(text[place].lower())
            text = f"{text[:place]}&{text[place:]}"
        wearer.setText(text)


def _free_place(text: str, used: set[str]) -> int | None:
    starts = [i for i, letter in enumerate(text) if letter.isalpha() and (i == 0 or text[i - 1] == " ")]
    others = [i for i, letter in enumerate(text) if letter.isalpha() and i not in starts]
    return next((i for i in (*starts, *others) if text[i].isascii() and text[i].lower() not in used), None)
