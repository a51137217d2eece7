"""A sentence that knows what it was made of: plain text for the command line, and for a window to translate."""

from __future__ import annotations

from collections.abc import Mapping


class Phrase(str):
    """The sentence in English.

    Attributes
    ----------
    pattern
        The sentence with places in braces, as `str.format` fills them.
    values
        What fills them: numbers, names, phrases, or a tuple of phrases with commas between.
    """

    __slots__ = ("pattern", "values")

    pattern: str
    values: Mapping[str, object]


def phrase(pattern: str, /, **values: object) -> Phrase:
    """Return the sentence that `values` make of a pattern."""
    made = Phrase(pattern.format(**{name: listed(value) for name, value in values.items()}))
    made.pattern, made.values = pattern, values
    return made


def listed(value: object) -> object:
    """Return what stands in a sentence for a value: several phrases with commas between."""
    return ", ".join(str(each) for each in value) if isinstance(value, tuple) else value
