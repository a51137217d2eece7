"""Functions of dates with times, of weeks and years, and those that read them from text ([FN] Date and time)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

import numpy as np

from engine.data import dates
from engine.data.missing import MISSING
from engine.frame.function import Function, counting

MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(dates.MONTHS, start=1)}
_PIECES = re.compile(r"\d+(?:\.\d+)?|[A-Za-z]+(?:\.[mM]\.?)?")
_MASK = re.compile(r"(?:\d\d)?Y|[MDhms#]")
_HOUR, _MINUTE, _SECOND = 3_600_000, 60_000, 1_000
_NOON = {"am": 0, "a.m": 0, "a.m.": 0, "pm": 12, "p.m": 12, "p.m.": 12}


def moment(text: str, mask: str, last_year: float = MISSING) -> float | None:
    """Return the milliseconds that a text such as ``2000-01-02 03:04`` is by ``YMDhm``; None where it does not fit."""
    order = _MASK.findall(mask.replace(" ", ""))
    pieces = _PIECES.findall(text.replace("T", " ") if re.search(r"\dT\d", text) else text)
    noon = _NOON.get(pieces[-1].lower()) if pieces else None
    if noon is not None:
        pieces.pop()
    if len(order) != len(pieces) or not order:
        return None
    found = {"Y": 1960.0, "M": 1.0, "D": 1.0, "h": 0.0, "m": 0.0, "s": 0.0}
    for part, piece in zip(order, pieces, strict=True):
        value = _piece(part, piece, last_year)
        if value is None:
            return None
        found[part[-1]] = value
    day = dates.day_number(int(found["Y"]), int(found["M"]), int(found["D"]))
    hour = found["h"] if noon is None else found["h"] % 12 + noon
    ms = _time_of_day(hour, found["m"], found["s"])
    return None if day is None or ms is None else float(day * dates.MS_PER_DAY + ms)


def _piece(part: str, piece: str, last_year: float) -> float | None:
    """Return the number of one part of a date; two digits of a year need a century or a last year."""
    if piece[0].isalpha():
        number = MONTH_NUMBERS.get(piece[:3].lower()) if part == "M" else (0 if part == "#" else None)
        return None if number is None else float(number)
    value = float(piece)
    if part[-1] != "Y" or len(piece) > 2:
        return value if part == "s" or value == int(value) else None
    if len(part) > 1:
        return value + 100 * int(part[:2])
    if last_year >= MISSING:
        return None
    value += 100 * (int(last_year) // 100)
    return value - 100 if value > last_year else value


def _time_of_day(hour: float, minute: float, second: float) -> int | None:
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        return None
    return int(hour) * _HOUR + int(minute) * _MINUTE + round(second * _SECOND)


def _present(*values: float) -> bool:
    return max(values) < MISSING


def _hms(hour: float, minute: float, second: float) -> float | None:
    ms = _time_of_day(hour, minute, second) if _present(hour, minute, second) else None
    return None if ms is None else float(ms)


def _dhms(day: float, hour: float, minute: float, second: float) -> float | None:
    time = _hms(hour, minute, second)
    return None if time is None or not _present(day) else float(int(day // 1) * dates.MS_PER_DAY + time)


def _mdyhms(month: float, day: float, year: float, *time: float) -> float | None:
    if not _present(month, day, year):
        return None
    number = dates.day_number(int(year), int(month), int(day))
    return None if number is None else _dhms(float(number), *time)


def _part_of_day(unit: int, count: int) -> Function:
    """Return the function that gives the hour, the minute or the second of a date and time."""
    return counting(lambda t: float(t % dates.MS_PER_DAY // unit % count) if _present(t) else None, "n")


def _scaled(factor: float) -> Function:
    return counting(lambda x: x * factor if _present(x) else None, "n")


_PERIODS = {"h": 2, "q": 4, "m": 12, "w": 52}


def _period(letter: str) -> Function:
    """Return the function that reads a text such as ``2000m3`` or ``3/2000`` by its order, ``YM`` or ``MY``."""
    parts = _PERIODS[letter]

    def compute(text: str, mask: str, last_year: float = MISSING) -> float | None:
        order = re.findall(r"(?:\d\d)?Y|[HQMW]", mask.replace(" ", ""))
        pieces = re.findall(r"\d+|[A-Za-z]{3,}", text)
        if len(pieces) == 1 and re.fullmatch(r"\d{5,6}", pieces[0]):
            pieces = [pieces[0][:4], pieces[0][4:]]
        if len(order) != 2 or len(pieces) != 2 or {word[-1] for word in order} != {"Y", letter.upper()}:
            return None
        found = {w[-1]: _piece(w if w[-1] == "Y" else "M", p, last_year) for w, p in zip(order, pieces, strict=True)}
        year, part = found["Y"], found[letter.upper()]
        if year is None or part is None or not 1 <= part <= parts:
            return None
        return (year - 1960) * parts + part - 1

    return counting(compute, "ssn", 2)


def _yearly(text: str, mask: str, last_year: float = MISSING) -> float | None:
    return (
        _piece(mask.strip(), text.strip(), last_year) if text.strip().isdigit() and mask.strip()[-1:] == "Y" else None
    )


def _of_day(part: Callable[[date], float]) -> Function:
    def compute(value: float) -> float | None:
        day = dates.day_of(value) if _present(value) else None
        return None if day is None else float(part(day))

    return counting(compute, "n")


def _first_of_week(week: float) -> float | None:
    if not _present(week):
        return None
    year, number = divmod(int(week // 1), 52)
    first = dates.day_number(1960 + year, 1, 1)
    return None if first is None else float(first + 7 * number)


def _first_of_year(year: float) -> float | None:
    number = dates.day_number(int(year), 1, 1) if _present(year) else None
    return None if number is None else float(number)


def _year_and_week(year: float, week: float) -> float | None:
    return (int(year) - 1960) * 52.0 + int(week) - 1 if _present(year, week) and 1 <= week <= 52 else None


def _today() -> float:
    return float((date.today() - dates.EPOCH).days)


def _now() -> float:
    now = datetime.now()
    seconds = (now - datetime(1960, 1, 1)).total_seconds()
    return float(int(seconds) * _SECOND)


TIMES: dict[str, Function] = {
    "clock": counting(moment, "ssn", 2),
    "dhms": counting(_dhms, "nnnn"),
    "dofw": counting(_first_of_week, "n"),
    "dofy": counting(_first_of_year, "n"),
    "halfyearly": _period("h"),
    "hh": _part_of_day(_HOUR, 24),
    "hms": counting(_hms, "nnn"),
    "hours": _scaled(1 / _HOUR),
    "mdyhms": counting(_mdyhms, "nnnnnn"),
    "minutes": _scaled(1 / _MINUTE),
    "mm": _part_of_day(_MINUTE, 60),
    "monthly": _period("m"),
    "msofhours": _scaled(_HOUR),
    "msofminutes": _scaled(_MINUTE),
    "msofseconds": _scaled(_SECOND),
    "now": Function(lambda _: np.asarray(_now()), "n", 0, 0),
    "quarterly": _period("q"),
    "seconds": _scaled(1 / _SECOND),
    "ss": counting(lambda t: float(t % _MINUTE) / _SECOND if _present(t) else None, "n"),
    "today": Function(lambda _: np.asarray(_today()), "n", 0, 0),
    "weekly": _period("w"),
    "wofd": _of_day(lambda d: (d.year - 1960) * 52 + min(51, (d.timetuple().tm_yday - 1) // 7)),
    "yearly": counting(_yearly, "ssn", 2),
    "yofd": _of_day(lambda d: d.year),
    "yw": counting(_year_and_week, "nn"),
}
