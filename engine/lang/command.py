"""The tree of one typed command."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.errors import Span
from engine.lang.declaration import CommandDecl, OptionDecl
from engine.lang.expr import Expr


@dataclass(frozen=True, slots=True)
class InRange:
    """``in 1/20``: ends as typed (``f``, ``l`` and negative numbers count from the ends); equal for a single one."""

    first: str
    last: str
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Weight:
    """``[pweight=exp]``; `kind` is the full word (``fweight pweight aweight iweight``).

    `assumed` tells that ``[weight=exp]`` was typed, which stands for the first kind that the command knows.
    """

    kind: str
    expression: Expr
    span: Span | None = field(default=None, compare=False)
    assumed: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class OptionUse:
    """An option as used: its declaration and the text of its argument (None when it stood bare)."""

    decl: OptionDecl
    argument: str | None = None
    span: Span | None = field(default=None, compare=False)
    argument_span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a command: all of it, or what stands between two ``||``.

    `body` is the text before ``if``, ``in``, ``[weight]``, ``using`` and the options (varlist, file name, equation),
    without surrounding blanks; `body_span` locates it in the command. `word` is the kind of plot that a part of a
    graph command begins with, in full.
    """

    body: str = ""
    body_span: Span = field(default=(0, 0), compare=False)
    expression: Expr | None = None
    if_: Expr | None = None
    in_: InRange | None = None
    weight: Weight | None = None
    using: str | None = None
    using_span: Span | None = field(default=None, compare=False)
    options: tuple[OptionUse, ...] = ()
    word: str = ""

    def option(self, name: str) -> OptionUse | None:
        """Return the last use of option `name`, or None."""
        for use in reversed(self.options):
            if use.decl.name == name:
                return use
        return None

    def has(self, name: str) -> bool:
        """Tell whether option `name` was given."""
        return self.option(name) is not None


@dataclass(frozen=True, slots=True)
class Prefix:
    """``quietly``, ``capture``, ``noisily``, ``by …`` before a command; `argument` is the text up to the colon."""

    name: str
    argument: str = ""
    span: Span | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its prefixes; `word` is the name as typed, `decl` what it stands for."""

    decl: CommandDecl
    word: str
    parts: tuple[Part, ...]
    prefixes: tuple[Prefix, ...] = ()
    text: str = field(default="", compare=False)

    @property
    def main(self) -> Part:
        """The first part: everything for a command without equations."""
        return self.parts[0]
