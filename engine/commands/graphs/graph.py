"""``graph``: the word before the names of graph commands."""

from __future__ import annotations

from engine.commands.base import Context, Effects
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, VarlistRule

WORDS = (
    "twoway", "box", "hbox", "bar", "hbar", "dot", "matrix", "combine",
    "export", "save", "use", "display", "dir", "drop", "rename",
)  # fmt: skip

DECLARATION = CommandDecl(
    name="graph",
    minimum=2,
    title="Graphs",
    help=f"graph {', '.join(WORDS[:-1])} and {WORDS[-1]} draw, save and list graphs.",
    varlist=VarlistRule.TEXT,
    family=True,
    verbatim=False,
    examples=("graph box ses", "graph export residuals.png, replace"),
)


def run(command: Command, context: Context) -> Effects:
    """Refuse what is none of the graph commands."""
    from engine.lang.abbrev import nearest

    part = command.main
    word = part.body.split()[0] if part.body else ""
    if not word:
        raise StataError(198, f"graph needs one more word: {', '.join(WORDS)}", part.body_span)
    meant = nearest(word, WORDS)
    hint = f"; did you mean graph {meant}?" if meant else f"; there are {', '.join(WORDS)}"
    raise StataError(198, f"graph {word} is not available{hint}", part.body_span)
