"""``local``, ``global``, ``macro``, ``args`` and ``tempvar``, ``tempname``, ``tempfile``: text under a name."""

from __future__ import annotations

import os
import re
import tempfile

from engine.commands.base import Context, Effects, Run
from engine.commands.programming.macro_text import expression_text, extended_function
from engine.commands.words import Word, split_words
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule
from engine.lang.tokens import shortened


def _declared(name: str, minimum: int, title: str, words: str, *examples: str) -> CommandDecl:
    """Return the declaration of a command that reads all that follows its name itself."""
    return CommandDecl(
        name=name, minimum=minimum, title=title, help=words, varlist=VarlistRule.TEXT, verbatim=True, examples=examples
    )


LOCAL = _declared(
    "local", 3, "Local macro",
    "local name text, or local name = exp, keeps text that `name' stands for until the do-file ends.",
    "local controls ses female", "local half = _N/2",
)  # fmt: skip
GLOBAL = _declared(
    "global", 2, "Global macro",
    "global name text, or global name = exp, keeps text that $name stands for until the session ends.",
    "global controls ses female", "global top = r(max)",
)  # fmt: skip
MACRO = _declared(
    "macro", 3, "List or drop macros",
    "macro list shows the macros, macro drop removes global macros by name, or all with _all.",
    "macro list", "macro drop _all",
)  # fmt: skip
TEMPVAR = _declared(
    "tempvar", 7, "Names for temporary variables",
    "tempvar gives local macros names of variables that are dropped when the do-file ends.",
    "tempvar deviation",
)  # fmt: skip
TEMPNAME = _declared(
    "tempname", 8, "Names for temporary scalars",
    "tempname gives local macros names that no scalar has yet.",
    "tempname mean",
)  # fmt: skip
TEMPFILE = _declared(
    "tempfile", 8, "Names for temporary files",
    "tempfile gives local macros names of files that are deleted when the do-file ends.",
    "tempfile means",
)  # fmt: skip
ARGS = _declared(
    "args", 4, "Names for arguments",
    "args gives the arguments of a do-file, which are `1', `2', …, to local macros with these names.",
    "args depvar level",
)  # fmt: skip

_LOCAL_NAME = re.compile(r"\w{1,31}")
_GLOBAL_NAME = re.compile(r"[^\W\d]\w{0,31}")
_HEAD = re.compile(r"(?P<count>\+\+|--)?\s*(?P<name>\w+)(?P<rest>.*)", re.DOTALL)


def defined(body: str, context: Context, pattern: re.Pattern[str], command: Command) -> tuple[str, str]:
    """Return name and text of a definition: after ``=`` an expression, after ``:`` a function, otherwise plain text."""
    part = command.main
    head = _HEAD.fullmatch(body)
    if head is None or pattern.fullmatch(head["name"]) is None:
        name = shortened((body.split() or [""])[0])
        why = f"{name} invalid name of a macro" if name else f"{command.decl.name} needs a name and its text"
        raise StataError(198, why, part.body_span)
    name, rest = head["name"], head["rest"]
    start = part.body_span[0] + head.start("rest")
    if head["count"]:
        old = context.macros.locals.get(name, "") or "0"
        return name, expression_text(f"({old}){head['count'][0]}1", context)
    if rest and not rest[0].isspace() and rest[0] not in '=:"`':
        raise StataError(198, f"{shortened(name + rest.split()[0])} invalid name of a macro", part.body_span)
    text = rest.strip()
    start += len(rest) - len(rest.lstrip())
    if text.startswith("="):
        try:
            return name, expression_text(text[1:], context)
        except StataError as error:
            raise error.shifted(start + 1) from None
    if text.startswith(":"):
        try:
            return name, extended_function(text[1:], context, context.macros.locals)
        except StataError as error:
            raise StataError(error.rc, error.message, error.span or (start, start + len(text))) from None
    words = split_words(text)
    whole = len(words) == 1 and words[0].quoted
    return name, words[0].text if whole else text


def run_local(command: Command, context: Context) -> Effects:
    """Set a local macro."""
    name, text = defined(command.main.body, context, _LOCAL_NAME, command)
    return Effects(locals={name: text or None})


def run_global(command: Command, context: Context) -> Effects:
    """Set a global macro."""
    name, text = defined(command.main.body, context, _GLOBAL_NAME, command)
    return Effects(globals={name: text or None})


def run_macro(command: Command, context: Context) -> Effects:
    """List or drop macros; in a list local macros have an underscore before their name, as in Stata."""
    words = [word.text for word in split_words(command.main.body)]
    tables = context.macros
    if not words or words[0] in ("list", "l", "dir"):
        shown = {**dict(sorted(tables.globals.items())), **{f"_{k}": v for k, v in sorted(tables.locals.items())}}
        chosen = words[1:] or list(shown)
        for name in chosen:
            if name not in shown:
                raise StataError(111, f"macro {name} not found", command.main.body_span)
            context.say(f"{name + ':':<16}{shown[name]}")
        return Effects()
    if words[0] == "drop" and len(words) > 1:
        dropped_locals: dict[str, str | None] = {}
        dropped: dict[str, str | None] = {}
        for name in words[1:]:
            if name == "_all":
                dropped |= dict.fromkeys(tables.globals)
            elif name.startswith("_") and name[1:] in tables.locals:
                dropped_locals[name[1:]] = None
            else:
                dropped[name] = None
        return Effects(globals=dropped, locals=dropped_locals)
    raise StataError(198, "there are macro list and macro drop", command.main.body_span)


def run_temporary(command: Command, context: Context) -> Effects:
    """Give each local macro a name that nothing has."""
    words: list[Word] = split_words(command.main.body)
    if not words:
        raise StataError(198, f"{command.decl.name} needs the names of local macros", command.main.body_span)
    names: dict[str, str | None] = {}
    made: list[str] = []
    for word in words:
        if _LOCAL_NAME.fullmatch(word.text) is None:
            raise StataError(198, f"{shortened(word.text)} invalid name of a macro", command.main.body_span)
        made.append(context.new_name())
        if command.decl.name == "tempfile":
            made[-1] = os.path.join(tempfile.gettempdir(), f"mixedgui{os.getpid()}{made[-1]}.tmp")
        names[word.text] = made[-1]
    return Effects(locals=names, temporary=tuple(made))


def run_args(command: Command, context: Context) -> Effects:
    """Name the arguments; those that are not there are empty."""
    words = split_words(command.main.body)
    for word in words:
        if _LOCAL_NAME.fullmatch(word.text) is None:
            raise StataError(198, f"{shortened(word.text)} invalid name of a macro", command.main.body_span)
    values = context.macros.locals
    return Effects(locals={word.text: values.get(str(k)) or None for k, word in enumerate(words, start=1)})


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = (
    (LOCAL, run_local),
    (GLOBAL, run_global),
    (MACRO, run_macro),
    (TEMPVAR, run_temporary),
    (TEMPNAME, run_temporary),
    (TEMPFILE, run_temporary),
    (ARGS, run_args),
)
