"""Commands that change what is known about variables: names, labels, formats, value labels, notes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mixedgui.state.cell_edit import number_text

LONGEST_LABEL = 80

DATA = "_dta"
"""The owner of notes on the data as a whole."""

_MACRO_START = re.compile(r"\$(?=[\w{])")
_COMMENT_START = re.compile(r"(?:^|(?<=\s))/(?=/)|/(?=\*)")
_ESCAPING = re.compile(r"\\[$`]")


class NotWritable(ValueError):
    """A text cannot be written in a command; the message is a sentence for the user."""


def label_literal(text: str) -> str:
    """Return a text in the quotes that ``label`` takes; raises `NotWritable`."""
    plain = " ".join(text.split("\n"))
    _refuse_escapes(plain)
    safe = _MACRO_START.sub(r"\\$", plain).replace("`", "\\`")
    if '"' not in plain:
        return f'"{safe}"'
    if "`" in plain or "\"'" in plain or plain.endswith('"'):
        raise NotWritable(
            "A label with double quotes cannot hold a backquote, the signs \"' together, or end in a quote."
        )
    return f'`"{safe}"\''


def rename(name: str, new: str) -> str:
    """Return the command that renames a variable."""
    return f"rename {name} {new.strip()}"


def label_variable(name: str, label: str) -> str:
    """Return the command that gives a variable a label, or takes it away."""
    return f"label variable {name} {label_literal(label)}"


def set_format(names: Sequence[str], fmt: str) -> str:
    """Return the command that sets a display format."""
    return f"format {' '.join(names)} {fmt.strip()}"


NUMERIC_TYPES = ("byte", "int", "long", "float", "double")
"""Storage types of numbers, smallest first."""


def recast(names: Sequence[str], storage: str) -> str:
    """Return the command that changes how variables are stored."""
    return f"recast {storage.strip()} {' '.join(names)}"


def attach_values(names: Sequence[str], label: str) -> str:
    """Return the command that attaches a value label, none with an empty name."""
    return f"label values {' '.join(names)} {label or '.'}"


def define_values(name: str, texts: Mapping[float, str], *, exists: bool) -> str:
    """Return the command that defines a value label anew."""
    pairs = " ".join(f"{number_text(value)} {label_literal(text)}" for value, text in sorted(texts.items()))
    return f"label define {name} {pairs}" + (", replace" if exists else "")


def drop_values(name: str) -> str:
    """Return the command that removes a value label."""
    return f"label drop {name}"


def add_note(owner: str, text: str) -> str:
    """Return the command that adds a note to a variable, or to the data."""
    return f"notes {'' if owner == DATA else owner}: {_note_text(text)}".replace("notes :", "notes:")


def replace_note(owner: str, number: int, text: str) -> str:
    """Return the command that changes a note."""
    return f"notes replace {owner} in {number}: {_note_text(text)}"


def drop_note(owner: str, number: int) -> str:
    """Return the command that removes a note."""
    return f"notes drop {owner} in {number}"


def _note_text(text: str) -> str:
    """Return the text of a note so that no part of it is taken for a macro or a comment; raises `NotWritable`."""
    plain = " ".join(text.split())
    _refuse_escapes(plain)
    safe = _MACRO_START.sub(r"\\$", plain).replace("`", "\\`")
    return _COMMENT_START.sub("/`'", safe)


def _refuse_escapes(text: str) -> None:
    if _ESCAPING.search(text):
        raise NotWritable("A backslash right before $ or ` cannot be written in a command. Put a blank between them.")
