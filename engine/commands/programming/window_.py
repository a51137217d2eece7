"""``db``, ``doedit`` and ``postest``: commands that open something in the window."""

from __future__ import annotations

from engine.commands.base import Context, Effects, WindowRequest
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, Picks, VarlistRule
from engine.lang.tokens import Kind, string_value, tokenize

DIALOG = CommandDecl(
    name="db",
    minimum=2,
    title="Open a dialog",
    help="db command opens the dialog of a command; db postest lists what is possible after the last fit.",
    varlist=VarlistRule.TEXT,
    picks=Picks.COMMANDS,
    examples=("db mixed",),
)

DOEDIT = CommandDecl(
    name="doedit",
    minimum=5,
    title="Do-file editor",
    help="Opens the Do-file editor, with a file if one is named.",
    varlist=VarlistRule.TEXT,
    verbatim=True,
    examples=("doedit", 'doedit "analysis.do"'),
)

POSTEST = CommandDecl(
    name="postest",
    minimum=7,
    title="Postestimation selector",
    help="Lists what is possible after the last fit, and opens the dialog of what is chosen.",
    varlist=VarlistRule.NONE,
    examples=("postest",),
)


def asked_of_window(command: Command, context: Context, *, what: str, argument: str = "") -> Effects:
    """Ask the window; a do-file that runs without one goes on and says so."""
    if not context.has_window:
        context.say(f"({command.decl.name} needs the window; there is none in batch mode)")
        return Effects()
    return Effects(opens=WindowRequest(what, argument))


def run_dialog(command: Command, context: Context) -> Effects:
    """Open the dialog of a command."""
    from engine.commands import registry

    part = command.main
    word = part.body.split()[0] if part.body.split() else ""
    if not word:
        raise StataError(198, "name the command whose dialog to open, for example db mixed", part.body_span)
    declaration = registry.find(word)
    if declaration is None:
        raise StataError(199, f"command {word} is unrecognized", part.body_span)
    if declaration.name == POSTEST.name:
        return asked_of_window(command, context, what="postest")
    return asked_of_window(command, context, what="dialog", argument=declaration.name)


def run_doedit(command: Command, context: Context) -> Effects:
    """Open the Do-file editor."""
    text = command.main.body.strip()
    tokens = tokenize(text)
    quoted = len(tokens) == 1 and tokens[0].kind is Kind.STRING
    return asked_of_window(command, context, what="doedit", argument=string_value(text) if quoted else text)


def run_postest(command: Command, context: Context) -> Effects:
    """Open the list of what is possible now."""
    return asked_of_window(command, context, what="postest")


COMMANDS = ((DIALOG, run_dialog), (DOEDIT, run_doedit), (POSTEST, run_postest))
