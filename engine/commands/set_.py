"""``set``: settings of the session."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import Context, Effects
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule

DECLARATION = CommandDecl(
    name="set",
    minimum=2,
    title="Set a system parameter",
    help="set linesize # sets the width of the log, set level # the confidence level in percent.",
    varlist=VarlistRule.TEXT,
    examples=("set linesize 100", "set level 90"),
)

LINESIZE = (40, 255)
LEVEL = (10.0, 99.99)


def run(command: Command, context: Context) -> Effects:
    """Change one setting; r(198) for an unknown one or a value out of range."""
    words = command.main.body.split()
    if len(words) != 2:
        message = "set needs a setting and its value, for example: set linesize 100"
        raise StataError(198, message, command.main.body_span)
    name, value = words
    span = command.main.body_span
    if name == "more" and value in {"off", "on"}:
        return Effects()  # output is never paged; the line stands at the head of most do-files
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
    raise StataError(198, f"set {name} is not a setting of this program; there are linesize and level", span)


def _number(text: str, low: float, high: float) -> float | None:
    """Return the number that `text` is, None for none or one that is out of range."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if low <= value <= high else None


def _expected(name: str, kind: str, bounds: tuple[float, float], text: str) -> str:
    return f"set {name} takes {kind} from {bounds[0]:g} to {bounds[1]:g}, not {text}"
