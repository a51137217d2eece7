"""``version``: which release of Stata a do-file was written for ([P] version)."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.base import NEWEST_VERSION, Context, Effects
from engine.data.formats import format_value
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule

DECLARATION = CommandDecl(
    name="version",
    minimum=7,
    title="Release of Stata",
    help="version # runs what follows as that release did: up to 11, xtmixed fits by REML.",
    varlist=VarlistRule.TEXT,
    examples=("version 14", "version 11: xtmixed weight week || id:"),
)

OLDEST_VERSION = 1.0


def run(command: Command, context: Context) -> Effects:
    """Set the release; without a number show it."""
    text = command.main.body
    if not text:
        context.say(f"version {format_value(context.settings.version, '%9.0g')}")
        return Effects()
    return Effects(settings=replace(context.settings, version=read_version(text, command.main.body_span)))


def read_version(text: str, span: tuple[int, int] | None) -> float:
    """Return a release's number; r(198) for what is none, r(9) for one after this program."""
    try:
        number = float(text)
    except ValueError:
        raise StataError(198, f"{text} is not the number of a release, such as 14 or 14.2", span) from None
    if not OLDEST_VERSION <= number < NEWEST_VERSION + 1:
        message = f"this program follows Stata up to release {NEWEST_VERSION:g}, not {text}"
        raise StataError(9, message, span)
    return number
