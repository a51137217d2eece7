"""File names as typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import Break, Span, StataError
from engine.lang.tokens import string_value


def read_file_name(text: str, span: Span | None = None) -> str:
    """Return the file name that `text` is, with or without quotes; raises `StataError` 198 for none or several."""
    text = text.strip()
    if text.startswith(('"', '`"')):
        text = string_value(text)
    if not text:
        raise StataError(198, "a file name is missing", span)
    if text.rstrip("/") in ("", ".", "..") or text.endswith("/"):
        raise StataError(603, f"{text} is a folder, not a file", span)
    if '"' in text or "\0" in text:
        raise StataError(198, f"{text} is not the name of a file; put the whole name in quotes", span)
    return text


@contextmanager
def naming_a_file(span: Span | None) -> Iterator[None]:
    """Place whatever goes wrong with a file at `span`, where its name was typed."""
    try:
        yield
    except Break:
        raise
    except StataError as error:
        error.span = error.span or span
        raise
