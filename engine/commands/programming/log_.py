"""``log``: a copy of the log in a file ([R] log)."""

from __future__ import annotations

from datetime import datetime

from engine.commands.base import Context, Effects, LogChange, LogRequest
from engine.commands.files.file_names import read_file_name
from engine.data.files import local_path
from engine.errors import StataError
from engine.lang.command import Command, Part
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule

DECLARATION = CommandDecl(
    name="log",
    minimum=3,
    title="Log file",
    help="log using FILE copies the commands and their output to a text file until log close.",
    varlist=VarlistRule.TEXT,
    using=True,
    options=(
        OptionDecl(name="replace", minimum=4, label="Replace", help="Replace a file that exists.", page="model"),
        OptionDecl(name="append", minimum=3, label="Append", help="Add to a file that exists.", page="model"),
        OptionDecl(name="text", minimum=1, label="Plain text", help="Write plain text (as always).", page="model"),
        OptionDecl(
            name="smcl",
            minimum=1,
            label="SMCL",
            help="Stata's own markup.",
            page="model",
            refused="logs are written as plain text; leave out smcl",
        ),
    ),
    examples=("log using analysis.log, replace", "log close"),
)


def run(command: Command, context: Context) -> Effects:
    """Open, close or suspend the log, or say which there is."""
    part = command.main
    word = part.body
    if part.using is not None and not word:
        return _open(part, part.using, context)
    if part.using is not None or part.options or word not in ("", "close", "close _all", "off", "on"):
        raise StataError(198, "there are log using FILE, log close, log off and log on", part.body_span)
    if not word:
        _describe(context)
        return Effects()
    if context.log_path is None:
        if word == "close _all":
            return Effects()
        raise StataError(606, "no log file open", part.body_span)
    change = {"off": LogChange.OFF, "on": LogChange.ON}.get(word, LogChange.CLOSE)
    times = {LogChange.OFF: "paused on", LogChange.ON: "resumed on", LogChange.CLOSE: "closed on"}
    context.say(*_facts(context.log_path, times[change]))
    return Effects(log=LogRequest(change))


def _open(part: Part, name: str, context: Context) -> Effects:
    if part.has("replace") and part.has("append"):
        raise StataError(184, "options replace and append may not be combined", part.using_span)
    if context.log_path is not None:
        raise StataError(604, f"log file already open: {context.log_path}", part.using_span)
    path = local_path(read_file_name(name, part.using_span))
    path = path if path.suffix else path.with_suffix(".log")
    if path.suffix == ".smcl":
        raise StataError(198, "logs are written as plain text; name the file .log", part.using_span)
    if path.exists() and not (part.has("replace") or part.has("append")):
        raise StataError(602, f"file {path} already exists", part.using_span)
    if not path.parent.is_dir():
        raise StataError(603, f"file {path} could not be opened: there is no such folder", part.using_span)
    lines = tuple(_facts(str(path.absolute()), "opened on"))
    context.say(*lines)
    change = LogChange.APPEND if part.has("append") else LogChange.OPEN
    return Effects(log=LogRequest(change, path.absolute(), lines))


def _facts(path: str, when: str) -> list[str]:
    now = datetime.now().astimezone()
    facts = (("name", "<unnamed>"), ("log", path), ("log type", "text"), (when, f"{now:%d %b %Y, %H:%M:%S}"))
    return [f"{word + ':':>11}  {text}" for word, text in facts]


def _describe(context: Context) -> None:
    context.say("(no log file open)" if context.log_path is None else f"log file: {context.log_path}")
