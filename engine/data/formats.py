"""Display formats: ``%9.0g``, ``%8.2f``, ``%12.0fc``, ``%9s``, ``%td`` … and the numbers they print.

The general format follows the rule of Stata's output, checked against every number printed in the reference
documents: a field of width w has w - 1 characters for the digits of a number and one for its sign.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from engine.data.dates import format_date
from engine.data.missing import MISSING, missing_text
from engine.errors import StataError

USUAL_FORMATS: ContextVar[tuple[str, str, str]] = ContextVar("USUAL_FORMATS", default=("", "", ""))
"""Formats of coefficients, p-values and statistics that tables of estimates have unless a command names others; the
session sets them for the command that runs (``set cformat``)."""

_NUMERIC = re.compile(
    r"%(?P<minus>-)?(?P<zero>0)?(?P<width>\d+)(?P<point>[.,])(?P<digits>\d+)(?P<kind>[gfe])(?P<comma>c)?"
)
_TEXT = re.compile(r"%(?P<align>[-~])?(?P<width>\d+)s")
_DATE = re.compile(r"%(?P<minus>-)?(?P<kind>t[cCdwmqhyg]|tb|d)(?P<details>.*)")
_HEX = re.compile(r"%(?P<minus>-)?(?P<width>\d+)x|%(?P<minus2>-)?(?:8|16)[HL]")
_LONGEST_NUMBER = 244
_LONGEST_TEXT = 2045

_DEFAULTS = {"byte": "%8.0g", "int": "%8.0g", "long": "%12.0g", "float": "%9.0g", "double": "%10.0g", "strL": "%9s"}
_DATE_WIDTHS = {"d": 9, "c": 18, "C": 18, "w": 7, "m": 7, "q": 6, "h": 6, "y": 4, "g": 9, "b": 9}


@dataclass(frozen=True, slots=True)
class Format:
    """A display format taken apart; `kind` is ``g f e s x`` or a date's ``td tc tm …``."""

    kind: str
    width: int
    digits: int = 0
    left: bool = False
    zero: bool = False
    comma: bool = False
    european: bool = False
    centered: bool = False
    details: str = ""

    @property
    def is_date(self) -> bool:
        """Whether numbers are shown as dates."""
        return self.kind.startswith("t")

    @property
    def is_text(self) -> bool:
        """Whether it is for strings."""
        return self.kind == "s"


@lru_cache(maxsize=512)
def parse_format(fmt: str) -> Format | None:
    """Return what `fmt` says, None when it is no format."""
    if match := _NUMERIC.fullmatch(fmt):
        width, digits = int(match["width"]), int(match["digits"])
        if not 1 <= width <= _LONGEST_NUMBER or (digits >= width and match["kind"] != "g"):
            return None
        return Format(
            match["kind"], width, digits, bool(match["minus"]), bool(match["zero"]), bool(match["comma"]),
            match["point"] == ",",
        )  # fmt: skip
    if match := _TEXT.fullmatch(fmt):
        width = int(match["width"])
        if not 1 <= width <= _LONGEST_TEXT:
            return None
        return Format("s", width, left=match["align"] == "-", centered=match["align"] == "~")
    if match := _DATE.fullmatch(fmt):
        kind = "td" if match["kind"] == "d" else match["kind"]
        details = match["details"]
        width = _DATE_WIDTHS[kind[1]] if not details or kind == "tb" else len(format_date(0.0, kind, details))
        return Format(kind, width, left=bool(match["minus"]), details=details)
    if match := _HEX.fullmatch(fmt):
        return Format("x", int(match["width"] or 21), left=bool(match["minus"] or match["minus2"]))
    return None


def is_format(fmt: str, *, text: bool) -> bool:
    """Tell whether `fmt` is a display format for strings (`text`) or for numbers."""
    parsed = parse_format(fmt)
    return parsed is not None and parsed.is_text == text


def check_format(fmt: str, *, text: bool | None = None) -> Format:
    """Return `fmt` taken apart; raises `StataError` 120 for what is no format, or none for this kind of variable."""
    parsed = parse_format(fmt)
    if parsed is None or (text is not None and parsed.is_text != text):
        raise StataError(120, f"invalid %format: {fmt}")
    return parsed


def default_format(storage: str) -> str:
    """Return the display format of a new variable of this storage type."""
    if storage in _DEFAULTS:
        return _DEFAULTS[storage]
    return f"%{max(9, int(storage[3:]))}s"


def format_value(value: float | str | bytes | None, fmt: str) -> str:
    """Return `value` as `fmt` shows it, without the blanks that fill the field (`format_padded` has them).

    None and NaN print as ``.``, a long string is cut to the field. Raises `StataError` 120 for what is no format.
    """
    spec = check_format(fmt)
    if isinstance(value, str | bytes):
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        return text[: spec.width] if spec.is_text else text
    if value is None:
        return "."
    value = float(value)
    if not value < MISSING:
        return missing_text(value)
    if spec.kind == "g":
        text = _general(value, spec.width, spec.digits)
    elif spec.kind == "f":
        text = _fixed(value, spec)
    elif spec.kind == "e":
        text = f"{value:.{spec.digits}e}"
    elif spec.kind == "x":
        return _hexadecimal(value)
    elif spec.is_date:
        return format_date(value, spec.kind, spec.details)
    else:
        text = _general(value, 9, 0)
    return _dressed(text, spec)


_SHOWN_NUMBER = re.compile(
    r"(?<![\w./\\:%])(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d*\.\d+)(?:e[+-]\d+)?(?![\w%/\\]|[.,]\d)", re.ASCII
)
"""A number with a decimal point or thousands separators inside a text; no version, path, format or name of a level."""

_SIGNS = str.maketrans(".,", ",.")
_decimal_comma = [False]


def use_decimal_comma(on: bool) -> None:
    """Show numbers with a decimal comma from now on (``set dp comma``), or with a point again.

    It is a matter of what is printed and drawn: commands, macros, `string()`, files and stored results have points.
    """
    _decimal_comma[0] = on


def shown_numbers(text: str) -> str:
    """Return a printed text with the numbers in it as they are shown: with points, or with decimal commas."""
    return with_decimal_commas(text) if _decimal_comma[0] else text


def with_decimal_commas(text: str) -> str:
    """Return a text whose numbers have decimal commas, and points between thousands."""
    return _SHOWN_NUMBER.sub(lambda number: number[0].translate(_SIGNS), text)


def format_padded(value: float | str | bytes | None, fmt: str) -> str:
    """Return `value` filled with blanks to the width of `fmt` (numbers to the right unless ``%-``)."""
    spec = check_format(fmt)
    text = format_value(value, fmt)
    if spec.centered:
        return text.center(spec.width)
    return text.ljust(spec.width) if spec.left else text.rjust(spec.width)


def _dressed(text: str, spec: Format) -> str:
    """Add commas, leading zeros and the decimal comma, as far as the field has room."""
    if spec.comma and "e" not in text:
        sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
        whole, point, decimals = digits.partition(".")
        with_commas = sign + (f"{int(whole):,}" if whole else "") + point + decimals
        if len(with_commas) <= spec.width:
            text = with_commas
    if spec.european:
        text = text.translate(str.maketrans(".,", ",."))
    if spec.zero:
        text = "-" + text[1:].rjust(spec.width - 1, "0") if text.startswith("-") else text.rjust(spec.width, "0")
    return text


def _fixed(value: float, spec: Format) -> str:
    """Return ``%w.df``; a number that needs more room is shown in general format."""
    text = f"{value:.{spec.digits}f}"
    if text.startswith("-") and not text.strip("-0."):
        text = text[1:]
    if len(text) <= spec.width:
        return text
    return _general(value, spec.width, 0)


def _general(value: float, width: int, digits: int) -> str:
    """Return ``%w.dg``: as many digits as the width (or `digits`, where given) allows, without trailing zeros."""
    size = abs(value)
    if size == 0.0:
        return "0"
    sign = "-" if value < 0.0 else ""
    room = max(width - 2, 1)
    significant = min(room, digits) if digits else room
    text = _plain(size, significant, room) if 1e-5 <= size < 10.0**room else ""
    return sign + (text or _scientific(size, width))


def _plain(size: float, significant: int, room: int) -> str:
    """Return a number without exponent, empty when rounding leaves no room for it."""
    if size < 1.0:
        text = f"{size:.{significant}f}"
        if text.startswith("0."):
            text = text[1:]
            return text.rstrip("0") if text.strip(".0") else ""
        return text.rstrip("0").rstrip(".")
    whole_digits = len(str(int(size)))
    decimals = max(significant - whole_digits, 0)
    text = f"{size:.{decimals}f}"
    if len(text.partition(".")[0]) > whole_digits:
        decimals -= 1
        if decimals < 0 and whole_digits >= room:
            return ""
        text = f"{size:.{max(decimals, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scientific(size: float, width: int) -> str:
    """Return a mantissa with as many decimals as fit into width - 1 characters, and an exponent."""
    for decimals in range(max(width - 7, 0), -1, -1):
        text = f"{size:.{decimals}e}"
        if len(text) <= width - 1:
            return text
    return f"{size:.0e}"


def _hexadecimal(value: float) -> str:
    """Return ``%21x``: mantissa and exponent in base 16."""
    text = float(value).hex()
    sign = "-" if text.startswith("-") else "+"
    mantissa, _, exponent = text.lstrip("-").removeprefix("0x").partition("p")
    whole, _, decimals = mantissa.partition(".")
    power = int(exponent)
    return f"{sign}{whole}.{decimals:0<13}X{'-' if power < 0 else '+'}{abs(power):03x}"
