"""Reading bytes one after the other, with every length checked before it is used."""

from __future__ import annotations

import struct
from collections.abc import Mapping

import numpy as np

from engine.data.missing import INTEGER_MISSING, MISSING_DOUBLES
from engine.errors import StataError


class Cursor:
    """A position in the bytes of one .dta file.

    Every reading method raises `StataError` 610 when the file ends too early or holds something impossible.
    """

    def __init__(self, data: memoryview, name: str, order: str = "<", encoding: str = "utf-8") -> None:
        self.data = data
        self.name = name
        self.order = order
        self.encoding = encoding
        self.at = 0

    @property
    def left(self) -> int:
        """How many bytes follow."""
        return len(self.data) - self.at

    def damaged(self, what: str) -> StataError:
        """Return the error that says where the file is not what it should be."""
        return StataError(610, f"file {self.name} is damaged or not a Stata data set: {what}")

    def take(self, length: int, what: str) -> memoryview:
        """Return the next `length` bytes."""
        if length < 0 or length > self.left:
            message = f"file {self.name} is truncated: it ends within its {what}"
            raise StataError(610, message)
        piece = self.data[self.at : self.at + length]
        self.at += length
        return piece

    def number(self, width: int, what: str) -> int:
        """Return an unsigned integer of `width` bytes."""
        return int.from_bytes(self.take(width, what), "little" if self.order == "<" else "big")

    def expect(self, tag: bytes, what: str) -> None:
        """Read `tag`, which has to stand here."""
        if bytes(self.take(len(tag), what)) != tag:
            raise self.damaged(f"{tag.decode()} expected at byte {self.at - len(tag)}")

    def follows(self, tag: bytes) -> bool:
        """Tell whether `tag` stands here, without reading it."""
        return bytes(self.data[self.at : self.at + len(tag)]) == tag

    def text(self, length: int, what: str) -> str:
        """Return a text field of `length` bytes, up to its first zero byte."""
        return decode_text(bytes(self.take(length, what)), self.encoding)

    def texts(self, count: int, length: int, what: str) -> list[str]:
        """Return `count` text fields of `length` bytes each."""
        block = bytes(self.take(count * length, what))
        return [decode_text(block[i * length : (i + 1) * length], self.encoding) for i in range(count)]

    def value_label_table(self, length: int) -> Mapping[float, str]:
        """Return one table of value labels: counts, offsets, values and the texts they point to."""
        table = self.take(length, "value labels")
        if length < 8:
            raise self.damaged("a value label without entries")
        count, text_length = struct.unpack(self.order + "II", table[:8])
        if 8 + 8 * count + text_length > length:
            raise self.damaged("a value label longer than its section")
        offsets = np.frombuffer(table, dtype=self.order + "u4", count=count, offset=8)
        values = np.frombuffer(table, dtype=self.order + "i4", count=count, offset=8 + 4 * count)
        texts = bytes(table[8 + 8 * count : 8 + 8 * count + text_length])
        labels: dict[float, str] = {}
        for offset, value in zip(offsets.tolist(), values.tolist(), strict=True):
            if offset >= max(text_length, 1):
                raise self.damaged("a value label that points outside its text")
            labels[label_key(value)] = decode_text(texts[offset:], self.encoding)
        return dict(sorted(labels.items()))


def label_key(value: int) -> float:
    """Return the number a value label belongs to; codes of missing values become missing doubles."""
    code = value - INTEGER_MISSING["long"]
    return float(MISSING_DOUBLES[min(code, 26)]) if code >= 0 else float(value)


def decode_text(raw: bytes, encoding: str = "utf-8") -> str:
    """Return the text before the first zero byte.

    Current releases write UTF-8, old ones the code page of the computer, and other programs either into any: what is
    not UTF-8 is read as the Windows code page. Where `encoding` says that it should be UTF-8, a character that the end
    of its field has cut is left out.
    """
    raw = raw.split(b"\0", 1)[0]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        whole = raw[: error.start]
        if encoding == "utf-8" and error.reason == "unexpected end of data" and not whole.isascii():
            return whole.decode("utf-8")
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
