"""``cd`` and ``pwd``: the working directory ([D] cd)."""

from __future__ import annotations

import os

from engine.commands.base import Context, Effects, Run
from engine.data.files import local_path
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule
from engine.lang.tokens import string_value

CD = CommandDecl(
    name="cd",
    minimum=2,
    title="Change the working directory",
    help="cd FOLDER makes a folder the one that file names are relative to; cd alone shows it.",
    varlist=VarlistRule.TEXT,
    verbatim=True,
    examples=("cd ..",),
)
PWD = CommandDecl(
    name="pwd",
    minimum=3,
    title="Show the working directory",
    help="Shows the folder that file names are relative to.",
    examples=("pwd",),
)


def run_cd(command: Command, context: Context) -> Effects:
    """Change the folder; r(170) when that is not possible."""
    body = command.main.body
    if body:
        path = local_path(string_value(body) if body[:1] in ('"', "`") and body[-1:] in ('"', "'") else body)
        try:
            os.chdir(path)
        except (OSError, ValueError):
            raise StataError(170, f"unable to change to {path}", command.main.body_span) from None
    context.say(os.getcwd())
    return Effects()


def run_pwd(command: Command, context: Context) -> Effects:
    """Show the folder."""
    context.say(os.getcwd())
    return Effects()


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((CD, run_cd), (PWD, run_pwd))
