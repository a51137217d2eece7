"""``do``, ``run`` and ``exit``: commands from a file."""

from __future__ import annotations

import codecs
from pathlib import Path

from engine.commands.base import Context, Effects, Flow
from engine.commands.files.file_names import naming_a_file, read_file_name
from engine.commands.words import compound_end, split_words
from engine.data.files import local_path
from engine.errors import StataError, Stop
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, VarlistRule

DO = CommandDecl(
    name="do",
    minimum=2,
    title="Run a do-file",
    help="do FILE runs the commands of a do-file and shows them with their output; the first error stops it. "
    "What follows the name are its local macros `1', `2', ….",
    menu=("File", "Do"),
    varlist=VarlistRule.TEXT,
    examples=("do analysis.do", "do analysis.do mathach ses"),
)
RUN = CommandDecl(
    name="run",
    minimum=2,
    title="Run a do-file quietly",
    help="run FILE runs the commands of a do-file without showing output.",
    varlist=VarlistRule.TEXT,
)
INCLUDE = CommandDecl(
    name="include",
    minimum=7,
    title="Include commands from a file",
    help="include FILE runs the commands of a file as if they stood here: local macros are those of this do-file.",
    varlist=VarlistRule.TEXT,
)
EXIT = CommandDecl(
    name="exit",
    minimum=1,
    title="End a do-file",
    help="exit ends the do-file or program it stands in; exit # ends it with that return code.",
    varlist=VarlistRule.TEXT,
    options=(
        OptionDecl(name="clear", minimum=5, label="Clear", help="Does nothing here: data stay in the session."),
        OptionDecl(name="STATA", minimum=5, label="All", help="The same as exit."),
    ),
)

CONTINUE = CommandDecl(
    name="continue",
    minimum=4,
    title="Next turn of a loop",
    help="continue goes on with the next turn of the loop around it; with break it ends the loop.",
    options=(OptionDecl(name="break", minimum=5, label="End the loop", help="Leave the loop."),),
)


def dofile_path(name: str) -> Path:
    """Return where a do-file is, ``.do`` appended when the name has no ending."""
    path = local_path(name)
    return path if path.suffix else path.with_suffix(".do")


def read_dofile(name: str) -> str:
    """Return the text of a do-file; r(601) when there is none, r(610) when it is no text."""
    path = dofile_path(name)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise StataError(601, f"file {path} not found") from None
    except OSError as problem:
        raise StataError(603, f"file {path} could not be opened: {problem.strerror}") from None
    return dofile_text(data, str(path))


def dofile_text(data: bytes, name: str) -> str:
    """Return the text that the bytes of a do-file are; `name` is what a refusal (r(610)) calls it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise StataError(610, f"file {name} is not a do-file; a do-file holds text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # do-files of releases before 14


def _run(command: Command, context: Context) -> Effects:
    part = command.main
    if context.run_file is None:
        raise StataError(198, f"{command.decl.name} is not possible here")
    name, arguments = split_arguments(part.body)
    word = command.decl.name
    with naming_a_file(part.body_span):
        context.run_file(read_file_name(name), word == "run", None if word == "include" else arguments)
    return Effects()


def split_arguments(text: str) -> tuple[str, str]:
    """Return the name of a do-file and what follows it; a name with blanks needs quotes, or has to be a file."""
    words = split_words(text)
    if not words or (not words[0].quoted and dofile_path(text).is_file()):
        return text, ""
    if words[0].quoted:
        length = compound_end(text, 0) if text.startswith('`"') else text.find('"', 1) + 1
        return text[:length], text[length:].strip()
    first, _, rest = text.partition(" ")
    return first, rest.strip()


def argument_macros(arguments: str) -> dict[str, str]:
    """Return the local macros that a do-file finds its arguments in: 0 for all, then 1, 2, …."""
    words = split_words(arguments)
    macros = {str(number): word.text for number, word in enumerate(words, start=1)}
    return {"0": arguments, "*": " ".join(macros.values()), **macros} if words else {}


def stop_code(text: str, span: tuple[int, int] | None) -> int:
    """Return the return code that `text` is, 0 for no text; r(198) for what is no code."""
    if not text.strip():
        return 0
    if not text.strip().isdecimal():
        raise StataError(198, f"{text} is not a return code, which is a whole number", span)
    return int(text[:6])


def _exit(command: Command, context: Context) -> Effects:
    rc = stop_code(command.main.body, command.main.body_span)
    if rc:
        raise Stop(rc, command.main.body_span)
    return Effects(flow=Flow.EXIT)


def _continue(command: Command, context: Context) -> Effects:
    return Effects(flow=Flow.BREAK if command.main.has("break") else Flow.CONTINUE)


COMMANDS = ((DO, _run), (RUN, _run), (INCLUDE, _run), (EXIT, _exit), (CONTINUE, _continue))
