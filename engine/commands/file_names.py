"""File names as typed."""

from __future__ import annotations

from engine.errors import Span, StataError
from engine.lang.tokens import string_value


def read_file_name(text: str, span: Span | None = None) -> str:
    """Return the file name that `text` is, with or without quotes; raises `StataError` 198 for none or several."""
    text = text.strip()
    if text.startswith(('"', '`"')):
        text = string_value(text)
    if not text:
        raise StataError(198, "a file name is missing", span)
    if '"' in text or "\0" in text:
        raise StataError(198, f"{text} is not the name of a file; put the whole name in quotes", span)
    return text
