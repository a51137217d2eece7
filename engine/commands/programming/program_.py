"""``program``: commands under a name of one's own, with arguments ([P] program)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects, Program, Run
from engine.data.names import is_identifier
from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule
from engine.lang.tokens import shortened

if TYPE_CHECKING:
    from engine.lang.blocks import Definition

PROGRAM = CommandDecl(
    name="program",
    minimum=2,
    title="Define or drop a program",
    help="program define NAME, commands, and end make a command of that name; its arguments are `1', `2', …, or what "
    "args calls them. With rclass its return scalar, return local and return matrix leave results in r(). "
    "program drop removes programs, program dir and program list show them.",
    varlist=VarlistRule.TEXT,
    verbatim=True,
    examples=("program dir", "program drop _all"),
)
SYNTAX = CommandDecl(
    name="syntax",
    minimum=6,
    title="Read a program's arguments",
    help="Not available in this version: a program finds its arguments in `1', `2', …, or by args.",
    varlist=VarlistRule.TEXT,
    verbatim=True,
)
ERROR = CommandDecl(
    name="error",
    minimum=5,
    title="Stop with an error",
    help="error # shows the usual message of a return code and stops as a command does that fails with it.",
    varlist=VarlistRule.TEXT,
    examples=("capture error 111",),
)

_CLASSES = frozenset({"rclass", "nclass", "sortpreserve"})
_MESSAGES = {
    1: "--Break--", 4: "no; data in memory would be lost", 5: "not sorted", 7: "type mismatch",
    100: "varlist required", 101: "varlist not allowed", 102: "too few variables specified",
    103: "too many variables specified", 109: "type mismatch", 110: "already defined", 111: "no variables defined",
    119: "statement out of context", 120: "invalid %format", 121: "invalid numlist", 122: "invalid numlist has too few",
    130: "expression too long", 132: "too many '(' or '['", 133: "unknown function ()", 134: "too many values",
    180: "invalid attempt to modify label", 182: "not labeled", 184: "options may not be combined",
    190: "request may not be combined with by", 191: "request may not be combined with by()", 197: "invalid syntax",
    198: "invalid syntax", 199: "unrecognized command", 301: "last estimates not found", 303: "equation not found",
    321: "requested action not valid after most recent estimation command", 322: "something that should be true is not",
    404: "not possible with pweighted data", 409: "no variance", 416: "missing values encountered",
    430: "convergence not achieved", 450: "data not binary", 451: "invalid values for time variable",
    459: "something that should be true of your data is not", 498: "error", 503: "conformability error",
    504: "matrix has missing values", 505: "matrix not symmetric", 506: "matrix not positive definite",
    601: "file not found", 602: "file already exists", 603: "file could not be opened", 610: "file is not Stata format",
    2000: "no observations", 2001: "insufficient observations",
}  # fmt: skip


def defined(node: Definition, context: Context) -> Effects:
    """Keep a program; r(110) when its name is taken, r(198) for options that there are not."""
    from engine.commands import registry

    name = node.name
    if not is_identifier(name):
        raise StataError(198, f"{shortened(name)} invalid name")
    if registry.find(name) is not None:
        raise StataError(110, f"{name} is a command already: give the program another name")
    if name in context.programs:
        raise StataError(110, f"program {name} already defined; program drop {name} removes it")
    for option in node.options:
        if option not in _CLASSES:
            raise StataError(198, f"option {option} is not available for programs here: rclass is")
    program = Program(name, node.body, node.source.lines, "rclass" in node.options)
    return Effects(programs={name: program})


def run(command: Command, context: Context) -> Effects:
    """Drop or show programs."""
    part = command.main
    word, *names = part.body.split() or [""]
    if word == "drop" and names:
        chosen = list(context.programs) if names == ["_all"] else names
        _existing(chosen, command, context)
        return Effects(programs=dict.fromkeys(chosen))
    if matches(word, "list", 1) and word:
        for name in _existing(names, command, context):
            context.say(
                f"{name}:", *(f"{k:>3}. {line}" for k, line in enumerate(context.programs[name].lines[1:-1], 1))
            )
        return Effects()
    if word == "dir" and not names:
        context.say(*context.programs)
        return Effects()
    raise StataError(
        198, "write program define NAME, its commands and end, or program drop, list or dir", part.body_span
    )


def _existing(names: list[str], command: Command, context: Context) -> list[str]:
    for name in names:
        if name not in context.programs:
            raise StataError(111, f"{name} not found: there is no program of this name", command.main.body_span)
    return names


def run_syntax(command: Command, context: Context) -> Effects:
    """Refuse what programs of others begin with."""
    raise StataError(199, "syntax is not available in this version: name the arguments by args, or use `1', `2', …")


def run_error(command: Command, context: Context) -> Effects:
    """Stop."""
    from engine.commands.programming.do import stop_code

    rc = stop_code(command.main.body, command.main.body_span)
    if rc:
        raise StataError(rc, _MESSAGES.get(rc) or f"stopped with return code {rc}", command.main.body_span)
    raise StataError(198, "error takes a return code, such as error 198", command.main.body_span)


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((PROGRAM, run), (SYNTAX, run_syntax), (ERROR, run_error))
