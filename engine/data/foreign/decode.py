"""The bytes of a text file as UTF-8."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib

from engine.data.file_kinds import likely_kind
from engine.data.room import check_room
from engine.errors import StataError

WINDOWS = "windows-1252"
GZIP = b"\x1f\x8b"
_LOOKED_AT = 65536
_PIECE = 1 << 24
_COPIES = 6.0
"""Bytes of memory for a byte of text: the text, its cells and the columns are there at once."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def unpacked(content: bytes, name: str) -> bytes:
    """Return the content of a file, decompressed when it is a gzip file.

    Raises `StataError` 610 for a broken one, 909 when it unpacks to more than the memory can hold.
    """
    if not content.startswith(GZIP):
        return content
    try:
        return read_within(gzip.open(io.BytesIO(content)), name)
    except (OSError, EOFError, zlib.error):
        raise StataError(610, f"file {name} is damaged or truncated: it cannot be decompressed") from None


def read_within(stream: io.BufferedIOBase, name: str) -> bytes:
    """Return what a stream gives; `StataError` 909 as soon as it is more than the memory can hold."""
    parts: list[bytes] = []
    total = 0
    with stream:
        while part := stream.read(_PIECE):
            parts.append(part)
            total += len(part)
            check_room(_COPIES * total, name)
    return b"".join(parts)


def to_utf8(content: bytes, encoding: str, name: str) -> tuple[bytes, str]:
    """Return the text as UTF-8 without a byte order mark, and the name of the encoding it was in.

    Without `encoding` a byte order mark decides; else text that is valid UTF-8 is that, and other text is in the
    Windows code page, which holds Latin-1.

    Raises
    ------
    StataError
        198 for an unknown encoding, 610 for bytes that it does not have (with the line) or for what is no text.
    """
    if encoding:
        return _transcoded(content, _known(encoding), name), encoding
    for mark, marked in _MARKS:
        if content.startswith(mark):
            body = content[len(mark) :] if marked == "utf-8" else content
            return _transcoded(body, marked, name), marked.upper()
    if b"\0" in content[:_LOOKED_AT]:
        likely = likely_kind(content)
        raise StataError(610, f"file {name} is not a text file: {_why_zeros(content, likely)}")
    if content.isascii():
        return content, "UTF-8"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _windows(content), WINDOWS
    return content, "UTF-8"


def _why_zeros(content: bytes, likely: str) -> str:
    """Return what zero bytes in a text file mean."""
    line = content.count(b"\n", 0, content.index(b"\0")) + 1
    if likely and "text" not in likely:
        return f"it holds zero bytes; it looks like {likely}"
    head = content[:_LOOKED_AT]
    if 3 * head.count(b"\0") > len(head):
        return "it holds zero bytes; if it is UTF-16, say encoding(utf-16le)"
    return f"line {line} holds zero bytes"


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding.strip()).name
    except (LookupError, ValueError):
        raise StataError(198, f"encoding {encoding} is not known; there are utf-8, latin1, windows-1252 …") from None


def _windows(content: bytes) -> bytes:
    try:
        return content.decode("cp1252").encode()
    except UnicodeDecodeError:
        return content.decode("latin-1").encode()


def _transcoded(content: bytes, encoding: str, name: str) -> bytes:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise StataError(610, f"file {name}, line {line}: bytes that are not {encoding} text") from None
    except (LookupError, UnicodeError):  # codecs that are not for text
        raise StataError(198, f"encoding {encoding} is not one of text; there are utf-8, latin1 …") from None
    return text.removeprefix("\ufeff").encode("utf-8", errors="replace")
