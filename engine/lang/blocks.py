"""Commands into blocks: ``foreach``, ``forvalues``, ``while``, ``if``/``else`` and ``quietly { }`` ([P])."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.dofile import SourceCommand
from engine.lang.prefixes import flag_prefix
from engine.lang.prompts import block_prompts
from engine.lang.tokens import Kind, Token, depths, tokenize

MAX_NESTING = 60

_PROGRAM = re.compile(r"program\s+(?:de(?:f(?:i(?:ne?)?)?)?\s+)?(?P<name>\w+)\s*(?:,(?P<options>.*))?", re.DOTALL)
_ABOUT_PROGRAMS = frozenset({"define", "drop", "list", "dir"})
_LOOPS = (("foreach", 7), ("forvalues", 4), ("while", 5))
_WORD = re.compile(r"\s*([^\W\d]\w*)\s*(:(?!:))?")


@dataclass(frozen=True, slots=True)
class Simple:
    """One command."""

    source: SourceCommand


@dataclass(frozen=True, slots=True)
class Loop:
    """``foreach``, ``forvalues``, ``while``, or ``{ }`` behind prefixes (an empty `kind`).

    `head` is what stands between the word and the brace, with macros as typed; it begins at `head_start` of the
    source's text.
    """

    kind: str
    prefixes: tuple[str, ...]
    head: str
    head_start: int
    source: SourceCommand
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """``if exp { }``, ``else if exp command`` or ``else { }``; the condition is part of `head`, with the command
    behind it where there is no block.
    """

    source: SourceCommand
    head: str
    head_start: int
    conditional: bool
    body: tuple[Node, ...] | None


@dataclass(frozen=True, slots=True)
class Choice:
    """``if`` and the ``else`` that follow it."""

    source: SourceCommand
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """``program define name`` with the commands up to ``end``; `options` is what follows its comma."""

    name: str
    options: tuple[str, ...]
    source: SourceCommand
    body: tuple[Node, ...]


Node: TypeAlias = "Simple | Loop | Choice | Definition"


def read_blocks(commands: Sequence[SourceCommand]) -> tuple[Node, ...]:
    """Return the commands as blocks.

    Raises
    ------
    StataError
        198 for a brace out of place or ``else`` without ``if``, 612 for a block that is not closed.
    """
    reader = _Reader(commands)
    nodes = reader.nodes(0)
    if reader.at < len(commands):
        raise StataError(198, f"line {commands[reader.at].line}: }} closes no block")
    return nodes


def expression_end(text: str) -> int:
    """Return where the expression that begins `text` ends: before what can only begin something else."""
    tokens = tokenize(text)
    previous: Token | None = None
    for token, depth in zip(tokens, depths(tokens), strict=True):
        if depth == 0 and previous is not None and _parted(previous, token):
            return previous.end
        previous = token
    return len(text)


_ENDS = frozenset({Kind.NAME, Kind.NUMBER, Kind.STRING, Kind.MISSING, Kind.CLOSE})
_BEGINS = frozenset({Kind.NAME, Kind.NUMBER, Kind.STRING, Kind.OPENSTRING, Kind.MISSING, Kind.DOTTED})


def _parted(previous: Token, token: Token) -> bool:
    """Tell whether something new begins at `token`."""
    if token.text in (",", "%", "{"):
        return True
    if previous.kind not in _ENDS:
        return False
    if previous.text == "]" and token.start == previous.end:  # [equation]name
        return False
    negative = previous.kind is Kind.STRING and token.text == "-"  # nothing is subtracted from text
    if token.kind in _BEGINS or token.text in ("!", "~") or negative:
        return True
    attached = previous.kind is Kind.NAME and (token.start == previous.end or token.text == "(")
    indexed = token.text == "[" and (previous.text == "]" or (previous.text == ")" and token.start == previous.end))
    return token.kind is Kind.OPEN and not attached and not indexed


@dataclass(frozen=True, slots=True)
class _Opening:
    """The words before the rest of a line."""

    prefixes: tuple[str, ...]
    word: str
    rest_start: int


def _opening(text: str) -> _Opening:
    prefixes: list[str] = []
    at = 0
    while (match := _WORD.match(text, at)) is not None:
        flag = flag_prefix(match[1])
        if flag is None:
            return _Opening(tuple(prefixes), match[1], match.end(1))
        prefixes.append(flag)
        at = match.end()
    return _Opening(tuple(prefixes), "", at)


class _Reader:
    def __init__(self, commands: Sequence[SourceCommand]) -> None:
        self.commands = commands
        self.at = 0

    def nodes(self, nesting: int) -> tuple[Node, ...]:
        """Read up to the brace that closes the block, or the end."""
        if nesting > MAX_NESTING:
            raise StataError(198, f"blocks are nested more than {MAX_NESTING} deep")
        found: list[Node] = []
        while self.at < len(self.commands):
            source = self.commands[self.at]
            if source.text.startswith("}"):
                return tuple(found)
            found.append(self.node(source, nesting))
        return tuple(found)

    def node(self, source: SourceCommand, nesting: int) -> Node:
        opening = _opening(source.text)
        kind = next((name for name, least in _LOOPS if opening.word and matches(opening.word, name, least)), "")
        if kind:
            return self.loop(source, opening, kind, nesting)
        if opening.word == "if" and not opening.prefixes:
            return self.choice(source, nesting)
        if opening.word == "else" and not opening.prefixes:
            raise StataError(198, f"line {source.line}: else without if before it")
        if not opening.word and source.text[opening.rest_start :].strip().startswith("{"):
            return self.loop(source, opening, "", nesting)
        if opening.word == "program":
            match = _PROGRAM.fullmatch(source.text, opening.rest_start - len(opening.word))
            if match is not None and match["name"] not in _ABOUT_PROGRAMS:
                return self.definition(source, match["name"], match["options"] or "")
        self.at += 1
        return Simple(source)

    def definition(self, source: SourceCommand, name: str, options: str) -> Definition:
        """Read the commands of a program up to ``end``."""
        first = self.at
        end = next((i for i in range(first + 1, len(self.commands)) if self.commands[i].text == "end"), None)
        if end is None:
            raise StataError(612, f"the program that begins in line {source.line} has no end")
        body = read_blocks(self.commands[first + 1 : end])
        self.at = end + 1
        return Definition(name, tuple(options.split()), self.spanning(first, first_number=1), body)

    def loop(self, source: SourceCommand, opening: _Opening, kind: str, nesting: int) -> Loop:
        rest = source.text[opening.rest_start :]
        if not rest.rstrip().endswith("{"):
            why = "code follows the open brace on its line" if "{" in rest else "a { is missing at the end of the line"
            raise StataError(198, f"line {source.line}: {why}")
        first = self.at
        self.at += 1
        body = self.body(source, nesting)
        head = rest.rstrip()[:-1]
        spanning = self.spanning(first, first_number=2 if kind else None)
        return Loop(kind, opening.prefixes, head, opening.rest_start, spanning, body)

    def body(self, source: SourceCommand, nesting: int) -> tuple[Node, ...]:
        """Read a block's commands and its closing brace."""
        nodes = self.nodes(nesting + 1)
        if self.at >= len(self.commands):
            raise StataError(612, f"the block that begins in line {source.line} is not closed: a }} is missing")
        closing = self.commands[self.at]
        if closing.text != "}":
            raise StataError(198, f"line {closing.line}: code follows the close brace on its line")
        self.at += 1
        return nodes

    def choice(self, source: SourceCommand, nesting: int) -> Choice:
        first = self.at
        branches = [self.branch(source, 2, nesting, conditional=True)]
        while branches[-1].conditional and self.at < len(self.commands):
            following = self.commands[self.at]
            match = re.match(r"else\b\s*(if\b)?", following.text)
            if match is None:
                break
            branches.append(self.branch(following, match.end(), nesting, conditional=match[1] is not None))
        return Choice(self.spanning(first), tuple(branches))

    def branch(self, source: SourceCommand, start: int, nesting: int, *, conditional: bool) -> Branch:
        self.at += 1
        head = source.text[start:]
        if not head.rstrip().endswith("{"):
            return Branch(source, head, start, conditional, None)
        return Branch(source, head.rstrip()[:-1], start, conditional, self.body(source, nesting))

    def spanning(self, first: int, first_number: int | None = None) -> SourceCommand:
        """Return the block's first line as a command with all its lines; a number numbers the lines after the first."""
        sources = self.commands[first : self.at]
        first_lines = [source.indent + source.lines[0] for source in sources]
        first_lines[0] = sources[0].lines[0]
        lines = tuple(line for k, s in enumerate(sources) for line in (first_lines[k], *s.lines[1:]))
        sizes = [len(source.lines) for source in sources]
        prompts = block_prompts(sizes, first_number) if first_number is not None else ()
        return SourceCommand(sources[0].text, sources[0].line, lines, prompts=prompts)
