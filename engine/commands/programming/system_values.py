"""``c()``: what the system and its settings are ([P] creturn)."""

from __future__ import annotations

import math
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from engine.commands.base import Context, Effects
from engine.commands.effects import NEWEST_VERSION
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule

if TYPE_CHECKING:
    from engine.frame.evaluate import Found

DECLARATION = CommandDecl(
    name="creturn",
    minimum=2,
    title="List c() values",
    help="creturn list shows what c() holds: limits, settings, date, folder, constants.",
    varlist=VarlistRule.TEXT,
    examples=("creturn list",),
)

Value: TypeAlias = "Callable[[Context], float | str]"

_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
_FLOAT_MAX = float.fromhex("0x1.fffffep126")
_DOUBLE_MAX = float.fromhex("0x1.fffffffffffffp1022")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def _short(words: str) -> str:
    return " ".join(word[:3] for word in words.split())


def _system(context: Context) -> str:
    return {"win32": "Windows", "darwin": "MacOSX"}.get(sys.platform, "Unix")


def _width(context: Context) -> float:
    sizes = {"byte": 1, "int": 2, "long": 4, "float": 4, "double": 8}
    texts = (v.storage for v in context.dataset.variables)
    return float(sum(sizes.get(kind) or int("".join(c for c in kind if c.isdigit()) or 8) for kind in texts))


def _date(context: Context) -> str:
    now = datetime.now()
    return f"{now.day:>2} {_short(_MONTHS).split()[now.month - 1]} {now.year}"


_VALUES: dict[str, Value] = {
    "current_date": _date,
    "current_time": lambda c: datetime.now().strftime("%H:%M:%S"),
    "stata_version": lambda c: NEWEST_VERSION,
    "version": lambda c: c.settings.version,
    "os": _system,
    "dirsep": lambda c: "/",
    "pwd": lambda c: os.getcwd(),
    "tmpdir": lambda c: tempfile.gettempdir(),
    "mode": lambda c: "" if c.has_window else "batch",
    "console": lambda c: "" if c.has_window else "console",
    "N": lambda c: float(c.dataset.n_obs),
    "k": lambda c: float(len(c.dataset.variables)),
    "width": _width,
    "changed": lambda c: float(c.dataset.changed),
    "filename": lambda c: str(c.dataset.path or ""),
    "filedate": lambda c: c.dataset.timestamp,
    "level": lambda c: c.settings.level,
    "clevel": lambda c: c.settings.level,
    "linesize": lambda c: float(c.settings.linesize),
    "type": lambda c: c.settings.storage,
    "scheme": lambda c: c.settings.scheme or "s2color",
    "more": lambda c: "off",
    "rmsg": lambda c: "off",
    "trace": lambda c: "off",
    "dp": lambda c: "comma" if c.settings.decimal_comma else "period",
    "varabbrev": lambda c: "on" if c.settings.varabbrev else "off",
    "rc": lambda c: float(c.captured_rc),
    "rng": lambda c: "default",
    "maxvar": lambda c: 32767.0,
    "max_k_theory": lambda c: 32767.0,
    "max_N_theory": lambda c: 1e9,
    "matsize": lambda c: 11000.0,
    "max_matdim": lambda c: 11000.0,
    "namelenchar": lambda c: 32.0,
    "maxstrvarlen": lambda c: 2045.0,
    "macrolen": lambda c: 2_000_000.0,
    "processors": lambda c: float(os.cpu_count() or 1),
    "pi": lambda c: math.pi,
    "e": lambda c: math.e,
    "alpha": lambda c: " ".join(_ALPHABET),
    "ALPHA": lambda c: " ".join(_ALPHABET.upper()),
    "Months": lambda c: _MONTHS,
    "Mons": lambda c: _short(_MONTHS),
    "Wdays": lambda c: _short(_DAYS),
    "Weekdays": lambda c: _DAYS,
    "mindouble": lambda c: -sys.float_info.max,
    "maxdouble": lambda c: _DOUBLE_MAX,
    "epsdouble": lambda c: sys.float_info.epsilon,
    "smallestdouble": lambda c: sys.float_info.min,
    "minfloat": lambda c: -_FLOAT_MAX,
    "maxfloat": lambda c: _FLOAT_MAX,
    "epsfloat": lambda c: 2.0**-23,
    "minlong": lambda c: -2147483647.0,
    "maxlong": lambda c: 2147483620.0,
    "minint": lambda c: -32767.0,
    "maxint": lambda c: 32740.0,
    "minbyte": lambda c: -127.0,
    "maxbyte": lambda c: 100.0,
}


def system_value(name: str, context: Context) -> Found:
    """Return ``c(name)``, None for what this program has no value for."""
    value = _VALUES.get(name)
    return None if value is None else value(context)


def run(command: Command, context: Context) -> Effects:
    """Show c()."""
    from engine.commands.programming.macro_text import as_text
    from engine.errors import StataError
    from engine.lang.abbrev import matches

    if not matches(command.main.body, "list", 1) or not command.main.body:
        raise StataError(198, "creturn is followed by list", command.main.body_span)
    context.say("", "System values")
    for name, value in _VALUES.items():
        found = value(context)
        shown = f'"{found}"' if isinstance(found, str) else as_text(found)
        context.say(f"{f'c({name})':>22} = {shown}")
    return Effects()
