"""Dates as Stata counts them: days, months, quarters … since 1960, and the ``%t`` formats that show them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

EPOCH = date(1960, 1, 1)
MS_PER_DAY = 86_400_000
_FIRST_DAY = (date(100, 1, 1) - EPOCH).days
_LAST_DAY = (date(9999, 12, 31) - EPOCH).days

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_DEFAULT_DETAILS = {
    "td": "DDmonCCYY", "tc": "DDmonCCYY_HH:MM:SS", "tC": "DDmonCCYY_HH:MM:SS", "tw": "CCYY!www", "tm": "CCYY!mnn",
    "tq": "CCYY!qq", "th": "CCYY!hh", "ty": "CCYY",
}  # fmt: skip

_CODES = re.compile(
    r"!.|CC|cc|YY|yy|JJJ|jjj|Month|month|Mon|mon|NN|nn|DD|dd|DAYNAME|Dayname|dayname|Day|day|Da|da|WW|ww|"
    r"HH|Hh|hH|hh|MM|mm|SS|ss|\.s{1,3}|a\.m\.|p\.m\.|A\.M\.|P\.M\.|am|pm|AM|PM|.",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: a day, and milliseconds since midnight."""

    day: date
    ms: int = 0


def day_number(year: int, month: int, day: int) -> int | None:
    """Return days since 1 January 1960, None when there is no such day."""
    try:
        return (date(year, month, day) - EPOCH).days
    except (ValueError, OverflowError):
        return None


def day_of(value: float) -> date | None:
    """Return the day of a ``%td`` number, None outside the calendar (years 100 to 9999)."""
    whole = int(value // 1)
    return EPOCH + timedelta(days=whole) if _FIRST_DAY <= whole <= _LAST_DAY else None


@lru_cache(maxsize=65_536)
def format_date(value: float, kind: str, details: str) -> str:
    """Return a nonmissing number as a date of `kind` (``td tc tC tw tm tq th ty tg``).

    `details` are the codes behind the kind, empty for the usual form; a number outside the calendar is shown as it is.
    """
    moment = _moment(value, kind)
    if moment is None:
        return f"{value:g}"
    if kind == "td" and not details:
        day = moment.day
        return f"{day.day:02d}{MONTHS[day.month - 1][:3].lower()}{day.year:04d}"
    return "".join(_piece(code, moment) for code in _CODES.findall(details or _DEFAULT_DETAILS[kind]))


def _moment(value: float, kind: str) -> Moment | None:
    whole = int(value // 1)
    if kind in {"tc", "tC"}:
        days, ms = divmod(round(value), MS_PER_DAY)
        day = day_of(float(days))
        return Moment(day, ms) if day else None
    if kind == "td":
        day = day_of(value)
        return Moment(day) if day else None
    if kind == "ty":
        return Moment(date(whole, 1, 1)) if 100 <= whole <= 9999 else None
    per_year = {"tm": 12, "tq": 4, "th": 2, "tw": 52}.get(kind)
    if per_year is None:
        return None
    years, part = divmod(whole, per_year)
    if not 100 <= 1960 + years <= 9999:
        return None
    first = date(1960 + years, 1, 1)
    if kind == "tw":
        return Moment(first + timedelta(days=7 * part))
    return Moment(first.replace(month=1 + part * (12 // per_year)))


def _piece(code: str, moment: Moment) -> str:
    """Return what one code of a date format shows."""
    day = moment.day
    hour, minute = moment.ms // 3_600_000, moment.ms // 60_000 % 60
    second, fraction = moment.ms // 1000 % 60, moment.ms % 1000
    if code.startswith("!"):
        return code[1:]
    if code.startswith(".s"):
        return "." + f"{fraction:03d}"[: len(code) - 1]
    if code in {"am", "pm", "AM", "PM", "a.m.", "p.m.", "A.M.", "P.M."}:
        half = "p" if hour >= 12 else "a"
        text = f"{half}.m." if "." in code else f"{half}m"
        return text.upper() if code[0].isupper() else text
    shown = _number_piece(code, day, hour, minute, second)
    return shown if shown is not None else _word_piece(code, day)


def _number_piece(code: str, day: date, hour: int, minute: int, second: int) -> str | None:
    """Return a code that shows a number; capital letters keep leading zeros."""
    day_in_year = day.timetuple().tm_yday
    values = {
        "cc": (day.year // 100, 2), "yy": (day.year % 100, 2), "jjj": (day_in_year, 3), "nn": (day.month, 2),
        "dd": (day.day, 2), "ww": (min(52, (day_in_year - 1) // 7 + 1), 2), "mm": (minute, 2), "ss": (second, 2),
    }  # fmt: skip
    if code in {"HH", "hH", "Hh", "hh"}:
        shown = hour if code[1] == "H" else (hour - 1) % 12 + 1
        return f"{shown:02d}" if code[0] == "H" else str(shown)
    if code in {"h", "q"}:
        return str((day.month - 1) // (6 if code == "h" else 3) + 1)
    entry = values.get(code.lower())
    if entry is None or not (code.isupper() or code.islower()):
        return None
    number, width = entry
    return f"{number:0{width}d}" if code.isupper() else str(number)


def _word_piece(code: str, day: date) -> str:
    """Return a code that shows a word, a blank for ``_``, nothing for ``+``, or the character itself."""
    month, name = MONTHS[day.month - 1], _DAYS[day.weekday()]
    words = {
        "Month": month, "month": month.lower(), "Mon": month[:3], "mon": month[:3].lower(),
        "DAYNAME": name.ljust(9), "Dayname": name, "dayname": name.lower(), "Day": name[:3], "day": name[:3].lower(),
        "Da": name[:2], "da": name[:2].lower(), "_": " ", "+": "",
    }  # fmt: skip
    return words.get(code, code)
