"""Functions of text, and of dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from engine.data import dates
from engine.data.formats import format_value
from engine.data.missing import MISSING, missing_value
from engine.errors import StataError
from engine.frame.function import Function, counting, textual

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?")
_MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(dates.MONTHS, start=1)}
_DATE_PIECES = re.compile(r"\d+|[A-Za-z]+")


def _string(value: float, fmt: str = "%9.0g") -> str:
    return format_value(value, fmt)


def _real(text: str) -> float | None:
    """Return the number that a text is; ``.`` and ``.a`` … are missing values."""
    text = text.strip()
    if re.fullmatch(r"\.[a-z]?", text):
        return missing_value(text[1:])
    if not _NUMBER.fullmatch(text):
        return None
    value = float(re.sub("[dD]", "e", text))
    return value if abs(value) < MISSING else None


def _slice(text: str, start: float, length: float = MISSING) -> str:
    """Return characters from the 1-based `start` (negative counts from the end); `length` missing means the rest."""
    if not start < MISSING:
        return ""
    first = int(start)
    position = len(text) + first if first < 0 else first - 1
    if first == 0 or position < 0 or position >= len(text):
        return ""
    return text[position:] if length >= MISSING else text[position : position + max(int(length), 0)]


def _byte_slice(text: str, start: float, length: float = MISSING) -> str:
    if text.isascii():
        return _slice(text, start, length)
    return _slice(text.encode().decode("latin-1"), start, length).encode("latin-1").decode(errors="ignore")


def _word(text: str, number: float) -> str:
    words = text.split()
    index = int(number) if number < MISSING else 0
    position = index - 1 if index > 0 else len(words) + index
    return words[position] if index and 0 <= position < len(words) else ""


def _substitute(text: str, old: str, new: str, count: float) -> str:
    if not old:
        return text
    return text.replace(old, new, -1 if count > len(text) else max(int(count), 0))


def _pattern(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise StataError(198, f"regular expression {pattern} is not valid: {error}") from None


def _matches(text: str, pattern: str) -> float:
    return float(_pattern(pattern).search(text) is not None)


def _replace_match(text: str, pattern: str, new: str) -> str:
    return _pattern(pattern).sub(lambda _: new, text, count=1)


def matches_glob(text: str, pattern: str) -> bool:
    """Tell whether a text has the shape of a pattern with ``*`` and ``?``."""
    expression = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def _abbreviate(text: str, width: float) -> str:
    """Return a name shortened to `width` characters with ``~`` before its last one."""
    room = max(5, min(32, int(width))) if width < MISSING else 32
    return text if len(text) <= room else f"{text[: room - 2]}~{text[-1]}"


def _character(code: float) -> str:
    return chr(int(code)) if 0 < code < 128 else ""


def _any_character(code: float) -> str:
    return chr(int(code)) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _whole(value: float) -> int | None:
    return int(value // 1) if value < MISSING else None


def _mdy(month: float, day: float, year: float) -> float | None:
    if not max(month, day, year) < MISSING:
        return None
    number = dates.day_number(int(year), int(month), int(day))
    return None if number is None else float(number)


def _date(text: str, mask: str, last_year: float = MISSING) -> float | None:
    """Return the day a text such as ``25jan1998`` is; `mask` orders its parts (``DMY``, ``MD20Y``)."""
    order = re.findall(r"(?:\d\d)?[YMD]", mask.upper())
    pieces = _DATE_PIECES.findall(text)
    if sorted(part[-1] for part in order) != ["D", "M", "Y"] or len(pieces) != 3:
        return None
    found: dict[str, int] = {}
    for part, piece in zip(order, pieces, strict=True):
        if piece.isdigit():
            number = int(piece)
        elif part[-1] == "M" and piece[:3].lower() in _MONTH_NUMBERS:
            number = _MONTH_NUMBERS[piece[:3].lower()]
        else:
            return None
        if part[-1] == "Y" and len(piece) <= 2:
            if len(part) > 1:
                number += 100 * int(part[:2])
            elif last_year < MISSING:
                number += 100 * (int(last_year) // 100)
                number -= 100 if number > last_year else 0
            else:
                return None
        found[part[-1]] = number
    return _mdy(found["M"], found["D"], found["Y"])


_SOUNDS = dict(zip("BFPVCGJKQSXZDTLMNR", "111122222222334556", strict=True))


def _soundex(text: str) -> str:
    """Return the letter and three digits that a name sounds like; H and W do not part equal sounds."""
    letters = [c for c in text.upper() if "A" <= c <= "Z"]
    if not letters:
        return ""
    code, last = letters[0], _SOUNDS.get(letters[0], "")
    for letter in letters[1:]:
        sound = _SOUNDS.get(letter, "")
        if sound and sound != last:
            code += sound
        if letter not in "HW":
            last = sound
    return code[:4].ljust(4, "0")


def _plural(number: float, word: str, change: str = "s") -> str:
    """Return the word for a number: an ending after +, one taken off after -, or another word."""
    if number in (1.0, -1.0):
        return word
    if change.startswith("+"):
        return word + change[1:]
    if change.startswith("-"):
        return word.removesuffix(change[1:])
    return word + "s" if change == "s" else change


def _substitute_word(text: str, old: str, new: str, count: float) -> str:
    most = 0 if count > len(text) else int(count)
    if not old or (most < 1 and count <= len(text)):
        return text
    return re.sub(rf"(?<!\S){re.escape(old)}(?!\S)", lambda _: new, text, count=most)


def _name_like(text: str) -> str:
    """Return the text as a name: what is no letter or digit becomes ``_``."""
    name = re.sub(r"\W", "_", text)[:32]
    return f"_{name}"[:32] if not name or name[0].isdigit() else name


def _not_in(text: str, letters: str) -> float:
    return float(next((i for i, c in enumerate(text, start=1) if c not in letters), 0))


_PERIODS = {"y": 1, "h": 2, "q": 4, "m": 12, "w": 52}


def _period(letter: str) -> Function:
    """Return the function that reads ``2000m3``, ``2000q1`` … or, for ``y``, a year."""
    parts = _PERIODS[letter]

    def compute(text: str) -> float | None:
        match = re.fullmatch(rf"(\d{{4}})(?:{letter}(\d{{1,2}}))?", text.strip().lower())
        if not match or (letter == "y") != (match[2] is None):
            return None
        if letter == "y":
            return float(match[1])
        part = int(match[2])
        return float((int(match[1]) - 1960) * parts + part - 1) if 1 <= part <= parts else None

    return counting(compute, "s")


def _clock(text: str) -> float | None:
    """Return the milliseconds of ``01jan2000 12:30:00``."""
    match = re.fullmatch(r"(\S+)\s+(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,3})?))?", text.strip())
    day = _date(match[1] if match else text, "DMY")
    if day is None or not match:
        return None if day is None else day * dates.MS_PER_DAY
    hour, minute, second = int(match[2]), int(match[3]), float(match[4] or 0)
    if hour > 23 or minute > 59 or second >= 60:
        return None
    return day * dates.MS_PER_DAY + round(1000 * (3600 * hour + 60 * minute + second))


def _of_day(part: Callable[[date], float]) -> Function:
    def compute(value: float) -> float | None:
        day = dates.day_of(value) if value < MISSING else None
        return None if day is None else float(part(day))

    return counting(compute, "n")


def _first_day(months: int) -> Function:
    """Return the function from a month, quarter or half year to its first day."""

    def compute(value: float) -> float | None:
        whole = _whole(value)
        if whole is None:
            return None
        year, month = divmod(whole * months, 12)
        return _mdy(month + 1, 1, 1960 + year)

    return counting(compute, "n")


def _year_and_part(parts: int) -> Function:
    def compute(year: float, part: float) -> float | None:
        if not max(year, part) < MISSING or not 1 <= part <= parts:
            return None
        return float((int(year) - 1960) * parts + int(part) - 1)

    return counting(compute, "nn")


TEXT: dict[str, Function] = {
    "abbrev": textual(_abbreviate, "sn"),
    "char": textual(_character, "n"),
    "indexnot": counting(_not_in, "ss"),
    "itrim": textual(lambda s: re.sub(" +", " ", s), "s"),
    "length": counting(lambda s: float(len(s.encode())), "s"),
    "lower": textual(lambda s: s.lower(), "s"),
    "ltrim": textual(lambda s: s.lstrip(" "), "s"),
    "plural": textual(_plural, "nss", 2),
    "proper": textual(lambda s: s.title(), "s"),
    "real": counting(_real, "s"),
    "regexm": counting(_matches, "ss"),
    "regexr": textual(_replace_match, "sss"),
    "reverse": textual(lambda s: s[::-1], "s"),
    "rtrim": textual(lambda s: s.rstrip(" "), "s"),
    "soundex": textual(_soundex, "s"),
    "string": textual(_string, "ns", 1),
    "stritrim": textual(lambda s: re.sub(" +", " ", s), "s"),
    "strlen": counting(lambda s: float(len(s.encode())), "s"),
    "strlower": textual(lambda s: s.lower(), "s"),
    "strltrim": textual(lambda s: s.lstrip(" "), "s"),
    "strmatch": counting(lambda s, pattern: float(matches_glob(s, pattern)), "ss"),
    "strofreal": textual(_string, "ns", 1),
    "strpos": counting(lambda s, part: float(s.find(part) + 1) if part else 0.0, "ss"),
    "strproper": textual(lambda s: s.title(), "s"),
    "strreverse": textual(lambda s: s[::-1], "s"),
    "strrpos": counting(lambda s, part: float(s.rfind(part) + 1) if part else 0.0, "ss"),
    "strrtrim": textual(lambda s: s.rstrip(" "), "s"),
    "strtoname": textual(_name_like, "s"),
    "strtrim": textual(lambda s: s.strip(" "), "s"),
    "strupper": textual(lambda s: s.upper(), "s"),
    "subinstr": textual(_substitute, "sssn"),
    "subinword": textual(_substitute_word, "sssn"),
    "substr": textual(_byte_slice, "snn", 2),
    "trim": textual(lambda s: s.strip(" "), "s"),
    "upper": textual(lambda s: s.upper(), "s"),
    "uchar": textual(_any_character, "n"),
    "ustrlen": counting(lambda s: float(len(s)), "s"),
    "ustrlower": textual(lambda s: s.lower(), "s"),
    "ustrupper": textual(lambda s: s.upper(), "s"),
    "usubstr": textual(_slice, "snn", 2),
    "word": textual(_word, "sn"),
    "wordcount": counting(lambda s: float(len(s.split())), "s"),
}

DATES: dict[str, Function] = {
    "cofd": counting(lambda d: d * dates.MS_PER_DAY if d < MISSING else None, "n"),
    "date": counting(_date, "ssn", 2),
    "daily": counting(_date, "ssn", 2),
    "day": _of_day(lambda d: d.day),
    "dofc": counting(lambda c: c // dates.MS_PER_DAY if c < MISSING else None, "n"),
    "dofh": _first_day(6),
    "dofm": _first_day(1),
    "dofq": _first_day(3),
    "dow": _of_day(lambda d: d.isoweekday() % 7),
    "doy": _of_day(lambda d: d.timetuple().tm_yday),
    "halfyear": _of_day(lambda d: (d.month - 1) // 6 + 1),
    "hofd": _of_day(lambda d: (d.year - 1960) * 2 + (d.month - 1) // 6),
    "mdy": counting(_mdy, "nnn"),
    "mofd": _of_day(lambda d: (d.year - 1960) * 12 + d.month - 1),
    "month": _of_day(lambda d: d.month),
    "qofd": _of_day(lambda d: (d.year - 1960) * 4 + (d.month - 1) // 3),
    "quarter": _of_day(lambda d: (d.month - 1) // 3 + 1),
    "tC": counting(_clock, "s"),
    "tc": counting(_clock, "s"),
    "td": counting(lambda s: _date(s, "DMY"), "s"),
    "th": _period("h"),
    "tm": _period("m"),
    "tq": _period("q"),
    "tw": _period("w"),
    "ty": _period("y"),
    "week": _of_day(lambda d: min(52, (d.timetuple().tm_yday - 1) // 7 + 1)),
    "year": _of_day(lambda d: d.year),
    "yh": _year_and_part(2),
    "ym": _year_and_part(12),
    "yq": _year_and_part(4),
}
