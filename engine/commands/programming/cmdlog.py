"""``cmdlog``: what is typed, without output, in a file that can be run again ([R] log)."""

from __future__ import annotations

from engine.commands.base import Context, Effects, LogChange, LogRequest
from engine.commands.files.file_names import read_file_name
from engine.data.files import local_path
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule

DECLARATION = CommandDecl(
    name="cmdlog",
    minimum=6,
    title="Log of commands",
    help="cmdlog using FILE copies the commands typed, without their output, to a text file until cmdlog close.",
    varlist=VarlistRule.TEXT,
    using=True,
    options=(
        OptionDecl(name="replace", minimum=4, label="Replace", help="Replace a file that exists.", page="model"),
        OptionDecl(name="append", minimum=3, label="Append", help="Add to a file that exists.", page="model"),
    ),
    examples=("cmdlog using session.do, replace", "cmdlog close"),
)

_CHANGES = {
    "off": (LogChange.OFF, "paused"),
    "on": (LogChange.ON, "resumed"),
    "close": (LogChange.CLOSE, "closed"),
}


def run(command: Command, context: Context) -> Effects:
    """Open, close or suspend the log of commands, or say which there is."""
    part = command.main
    if part.using is not None and not part.body:
        return _open(part, part.using, context)
    if part.using is not None or part.options or (part.body and part.body not in _CHANGES):
        raise StataError(198, "there are cmdlog using FILE, cmdlog close, cmdlog off and cmdlog on", part.body_span)
    path = context.command_log_path
    if not part.body:
        context.say("(cmdlog not open)" if path is None else f"command log file: {path}")
        return Effects()
    if path is None:
        raise StataError(606, "no cmdlog file open", part.body_span)
    change, word = _CHANGES[part.body]
    context.say(f"(cmdlog {path} {word})")
    return Effects(log=LogRequest(change, commands=True))


def _open(part: Part, name: str, context: Context) -> Effects:
    if part.has("replace") and part.has("append"):
        raise StataError(184, "options replace and append may not be combined", part.using_span)
    if context.command_log_path is not None:
        raise StataError(604, f"cmdlog file already open: {context.command_log_path}", part.using_span)
    path = local_path(read_file_name(name, part.using_span))
    path = path if path.suffix else path.with_suffix(".txt")
    if path.exists() and not (part.has("replace") or part.has("append")):
        raise StataError(602, f"file {path} already exists", part.using_span)
    if path.is_dir() or not path.parent.is_dir():
        raise StataError(603, f"file {path} could not be opened: there is no such folder", part.using_span)
    path = path.absolute()
    context.say(f"(cmdlog {path} opened)")
    change = LogChange.APPEND if part.has("append") else LogChange.OPEN
    return Effects(log=LogRequest(change, path, commands=True))
