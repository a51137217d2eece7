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
    if name == "more" and value in {"off", "on"}:
        return Effects()  # output is never paged; the line stands at the head of most do-files
    if name in {"linesize", "li"}:
        return Effects(settings=replace(context.settings, linesize=int(_number(name, value, *LINESIZE, whole=True))))
    if name == "level":
        return Effects(settings=replace(context.settings, level=_number(name, value, *LEVEL)))
    raise StataError(198, f"set {name} is not a setting of this program; there are linesize and level")


def _number(name: str, text: str, low: float, high: float, *, whole: bool = False) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high or (whole and value != int(value)):
        kind = "a whole number" if whole else "a number"
        raise StataError(198, f"set {name} takes {kind} from {low:g} to {high:g}, not {text}")
    return value
