"""``help``, ``search`` and ``which``: what commands there are and what they do."""

from __future__ import annotations

from engine.commands.base import Context, Effects, Run, WindowRequest
from engine.errors import StataError
from engine.lang.abbrev import nearest
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, Picks, VarlistRule

HELP = CommandDecl(
    name="help",
    minimum=1,
    title="Help on a command",
    help="help COMMAND shows form, options, examples and stored results of a command; help alone lists all commands.",
    varlist=VarlistRule.TEXT,
    picks=Picks.COMMANDS,
    verbatim=True,
    examples=("help mixed", "help"),
)
SEARCH = CommandDecl(
    name="search",
    minimum=3,
    title="Search the help",
    help="search WORDS lists the commands whose help has all the words. Nothing is looked up elsewhere.",
    varlist=VarlistRule.TEXT,
    verbatim=True,
    synonyms=(("findit", 6),),
    examples=("search residuals",),
)
WHICH = CommandDecl(
    name="which",
    minimum=5,
    title="Is there a command?",
    help="which COMMAND says whether there is such a command, and under which full name.",
    varlist=VarlistRule.TEXT,
    picks=Picks.COMMANDS,
    verbatim=True,
    examples=("which xtmixed",),
)


def run_help(command: Command, context: Context) -> Effects:
    """Show the page in the window, or print it where there is none."""
    from engine.commands import registry
    from engine.tables.help_page import help_page

    word = command.main.body.strip()
    if not word:
        if context.has_window:
            return Effects(opens=WindowRequest("help"))
        context.say("", *_listed(sorted(registry.declarations(), key=lambda decl: decl.name)))
        return Effects()
    declaration = registry.find(word) or registry.find(word.split()[0])
    if declaration is None:
        meant = nearest(word, registry.names())
        hint = f"; did you mean {meant}?" if meant else "; search looks for words in the help"
        raise StataError(111, f"help for {word} not found{hint}", command.main.body_span)
    if context.has_window:
        return Effects(opens=WindowRequest("help", declaration.name))
    context.emit(*help_page(declaration, context.settings.linesize))
    return Effects()


def run_search(command: Command, context: Context) -> Effects:
    """List commands by words of their help."""
    from engine.commands import registry

    text = command.main.body.partition(",")[0]
    words = text.lower().split()
    if not words:
        raise StataError(198, "search needs words to look for", command.main.body_span)
    found = []
    for declaration in registry.declarations():
        pieces = (declaration.name, declaration.title, declaration.help, *declaration.menu)
        described = " ".join((*pieces, *(f"{option.name} {option.help}" for option in declaration.options))).lower()
        if all(word in described for word in words):
            found.append(declaration)
    if not found:
        context.say(f"(nothing in this program is about {text.strip()})")
    else:
        context.say(*_listed(sorted(found, key=lambda decl: decl.name)))
    return Effects()


def run_which(command: Command, context: Context) -> Effects:
    """Say what a word stands for; r(111) when it is no command."""
    from engine.commands import registry

    word = command.main.body.strip()
    declaration = registry.find(word) if word else None
    if declaration is None:
        raise StataError(111, f"command {word} not found as a built-in command", command.main.body_span)
    context.say(f"built-in command:  {declaration.name}")
    return Effects()


def _listed(declarations: list[CommandDecl]) -> list[str]:
    width = max(len(declaration.name) for declaration in declarations) + 2
    return [f"{declaration.name:<{width}}{declaration.title}" for declaration in declarations]


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((HELP, run_help), (SEARCH, run_search), (WHICH, run_which))
