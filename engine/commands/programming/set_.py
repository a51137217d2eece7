"""``set``: settings of the session."""

from __future__ import annotations

import re
from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.data.rows import with_observations
from engine.errors import Span, StataError
from engine.frame.random_numbers import LARGEST_SEED
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule

DECLARATION = CommandDecl(
    name="set",
    minimum=2,
    title="Set a system parameter",
    help="set linesize # sets the width of the log, set level # the confidence level in percent, "
    "set seed # the random numbers, set obs # the number of observations, set type the usual storage type, "
    "set varabbrev off asks for full names of variables, set scheme changes the look of graphs, set dp comma shows "
    "numbers with a decimal comma (commands and files keep the point).",
    varlist=VarlistRule.TEXT,
    options=(
        OptionDecl(
            name="permanently",
            minimum=4,
            label="Permanently",
            help="Only with settings that do nothing here: set more off.",
        ),
    ),
    examples=("set linesize 100", "set level 90", "set seed 339487731", "set obs 100", "set scheme s1mono"),
)

_SETTINGS = "linesize, level, seed, obs, type, varabbrev, cformat, pformat, sformat, scheme and dp"
_LIMITS = frozenset({"memory", "mem", "matsize", "maxvar", "max_memory", "min_memory", "segmentsize", "scrollbufsize"})
LARGEST_DATA = 1_000_000_000
LINESIZE = (40, 255)
LEVEL = (10.0, 99.99)


def run(command: Command, context: Context) -> Effects:
    """Change one setting; r(198) for an unknown one or a value out of range."""
    words = command.main.body.split()
    if words and words[0] in _FORMATS and len(words) < 3:
        return _format(words, command, context)
    if len(words) != 2:
        message = "set needs a setting and its value, for example: set linesize 100"
        raise StataError(198, message, command.main.body_span)
    name, value = words
    span = command.main.body_span
    if _without_effect(name, value):
        return Effects()
    if name == "scheme":
        return _scheme(value, context)
    use = command.main.option("permanently") if name != "dp" else None
    if use is not None:
        raise StataError(198, f"set {name} lasts for this session; leave out permanently", use.span)
    if name == "type":
        if value not in ("float", "double"):
            raise StataError(198, f"set type takes float or double, not {value}", span)
        return Effects(settings=replace(context.settings, storage=value))
    if name == "varabbrev":
        if value not in ("on", "off"):
            raise StataError(198, f"set varabbrev takes on or off, not {value}", span)
        return Effects(settings=replace(context.settings, varabbrev=value == "on"))
    if name == "dp":
        if value not in ("comma", "period"):
            raise StataError(198, f"set dp takes comma or period, not {value}", span)
        return Effects(settings=replace(context.settings, decimal_comma=value == "comma"))
    if name in {"linesize", "li"}:
        linesize = _number(value, *LINESIZE)
        if linesize is None or linesize != int(linesize):
            raise StataError(198, _expected(name, "a whole number", LINESIZE, value), span)
        return Effects(settings=replace(context.settings, linesize=int(linesize)))
    if name == "level":
        level = _number(value, *LEVEL)
        if level is None:
            raise StataError(198, _expected(name, "a number", LEVEL, value), span)
        return Effects(settings=replace(context.settings, level=level))
    if name == "seed":
        return Effects(seed=_whole(name, value, LARGEST_SEED, span))
    if name in {"obs", "ob"}:
        return _observations(_whole(name, value, LARGEST_DATA, span), context)
    raise StataError(198, f"set {name} is not a setting of this program; there are {_SETTINGS}", span)


_FORMATS = {"cformat": 9, "pformat": 5, "sformat": 8}
"""Settings of formats, and how wide they may be."""
_FORMAT = re.compile(r"%-?0?(\d+)[.,](\d+)[gfe]c?")


def _format(words: list[str], command: Command, context: Context) -> Effects:
    """Choose the format of numbers in tables of estimates; without one the usual one is back."""
    name, fmt = words[0], "".join(words[1:])
    span = command.main.body_span
    match = _FORMAT.fullmatch(fmt)
    if fmt and match is None:
        raise StataError(120, f"invalid %format: {fmt}", span)
    if match is not None and int(match[1]) > _FORMATS[name]:
        raise StataError(198, f"set {name} takes a format at most {_FORMATS[name]} wide", span)
    formats = dict(zip(_FORMATS, context.settings.formats, strict=True)) | {name: fmt}
    new = formats["cformat"], formats["pformat"], formats["sformat"]
    return Effects(settings=replace(context.settings, formats=new))


def _scheme(value: str, context: Context) -> Effects:
    """Choose the look of graphs; it lasts for this session, with or without ``permanently``."""
    from engine.commands.graphs.graph_dress import read_scheme

    return Effects(settings=replace(context.settings, scheme=read_scheme(value)))


_IDLE = {
    "more": "on off", "pagesize": "", "rmsg": "off", "trace": "off", "graphics": "on", "autotabgraphs": "on off",
    "logtype": "text smcl", "emptycells": "keep", "sortseed": "", "processors": "", "reventries": "",
    "varlabelpos": "", "doublebuffer": "on off", "update_query": "on off", "checksum": "on off", "iterlog": "on",
    "adosize": "", "niceness": "", "notifyuser": "on off", "linegap": "", "showbaselevels": "off", "fvlabel": "on",
}  # fmt: skip
"""Settings that do nothing here, with the values that say what is so anyway (none: any number)."""


def _without_effect(name: str, value: str) -> bool:
    """Tell whether a setting stands at the head of do-files and does nothing here: no paging, no limits to raise."""
    if name in _IDLE:
        words = _IDLE[name].split()
        return value in words if words else _number(value, 0, 1e12) is not None
    return name in _LIMITS and re.fullmatch(r"[0-9]+[bkmgBKMG]?", value) is not None


def _whole(name: str, text: str, high: int, span: Span) -> int:
    value = _number(text, 0, high)
    if value is None or value != int(value):
        raise StataError(198, _expected(name, "a whole number", (0, high), text), span)
    return int(value)


def _observations(wanted: int, context: Context) -> Effects:
    """Add observations with missing values up to `wanted`; r(198) for fewer than there are."""
    dataset = context.dataset
    before = dataset.n_obs
    if wanted < before:
        raise StataError(198, f"set obs {wanted}: there are {before:,} observations already; drop removes some")
    context.say(f"Number of observations (_N) was {before:,}, now {wanted:,}.")
    return Effects(dataset=with_observations(dataset, wanted)) if wanted > before else Effects()


def _number(text: str, low: float, high: float) -> float | None:
    """Return the number that `text` is, None for none or one that is out of range."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if low <= value <= high else None


def _expected(name: str, kind: str, bounds: tuple[float, float], text: str) -> str:
    return f"set {name} takes {kind} from {bounds[0]:,.10g} to {bounds[1]:,.10g}, not {text}"
