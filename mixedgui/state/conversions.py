"""What a variable can be turned into, as commands to look over in their dialogs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.api import Variable
from mixedgui.state.translation import tr

_COMMA_NUMBER = re.compile(r"\s*[-+]?[\d.]*\d,\d+\s*")
"""A number with a decimal comma."""


def conversions(variable: Variable, texts: Sequence[str], taken: Sequence[str]) -> list[tuple[str, str]]:
    """Return what a variable can be turned into: words for a menu, and the command.

    Parameters
    ----------
    variable
        Text, or numbers with or without value labels.
    texts
        Some values of a text variable.
    taken
        Names that a new variable cannot have.
    """
    name = variable.name
    if variable.is_string:
        comma = any(_COMMA_NUMBER.fullmatch(text) for text in texts)
        new = _free(f"{name}_code", taken)
        return [
            (tr("&Numbers"), f"destring {name}, replace{' dpcomma' if comma else ''}"),
            (tr("&Categories with labels"), f"encode {name}, generate({new})"),
        ]
    found = [(tr("&Text"), f"tostring {name}, replace")]
    if variable.value_label:
        found.append((tr("Text of the &labels"), f"decode {name}, generate({_free(f'{name}_text', taken)})"))
    return found


def _free(name: str, taken: Sequence[str]) -> str:
    """Return a name of at most 32 characters that is not taken."""
    base, number, found = name[:32], 2, name[:32]
    while found in taken:
        found = f"{base[: 31 - len(str(number))]}_{number}"
        number += 1
    return found
