"""What a user asks of ``anova``: terms, which of them are error terms, and repeated measures; names as written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from engine.errors import Span, StataError

_TOKEN = re.compile(r"\s+|##|#|\||/|(?:[ic]\.)?[^\W\d]\w*|\S")
_NAME = re.compile(r"(?:(?P<kind>[ic])\.)?(?P<name>[^\W\d]\w*)")
_JOINING = ("#", "##", "|")
_BEYOND = "anova reads names joined by #, ## and |, c. for continuous variables and / before an error term, not {what}"


@dataclass(frozen=True, slots=True)
class AnovaFactor:
    """A variable of a term, categorical unless it was written with ``c.``."""

    variable: str
    continuous: bool = False


@dataclass(frozen=True, slots=True)
class AnovaTerm:
    """A product of variables; those from `nested` on contain the ones before it (``subject|calib``)."""

    factors: tuple[AnovaFactor, ...]
    nested: int = 0
    span: Span | None = None

    @property
    def name(self) -> str:
        """The term as tables show it."""
        names = [factor.variable for factor in self.factors]
        inner = names[: self.nested] if self.nested else names
        outer = names[self.nested :] if self.nested else []
        return "#".join(inner) + ("|" + "#".join(outer) if outer else "")

    @property
    def variables(self) -> frozenset[str]:
        """The names of its variables."""
        return frozenset(factor.variable for factor in self.factors)


@dataclass(frozen=True, slots=True)
class AnovaBlock:
    """Places of terms that are tested together, and of their error term; None for the residual."""

    tested: tuple[int, ...]
    error: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnovaModel:
    """Terms in the order typed, and the blocks that ``/`` cuts them into."""

    depvar: str
    depvar_span: Span
    terms: tuple[AnovaTerm, ...]
    blocks: tuple[AnovaBlock, ...]

    @property
    def errors(self) -> dict[int, int | None]:
        """Error term by tested term."""
        return {term: block.error for block in self.blocks for term in block.tested}


def read_anova(text: str, offset: int) -> AnovaModel:
    """Read ``depvar term term / error ...``.

    Raises
    ------
    StataError
        r(100) without a dependent variable, r(198) for what is no list of terms.
    """
    words = _words(text, offset)
    if not words:
        raise StataError(100, "varlist required: name the dependent variable", (offset, offset))
    (first, span), rest = words[0], words[1:]
    if len(first) != 1 or _NAME.fullmatch(first[0]) is None or "." in first[0]:
        raise StataError(198, "the dependent variable must be one variable", span)
    terms: list[AnovaTerm] = []
    slashes: list[int] = []
    for pieces, where in rest:
        if pieces == ["/"]:
            if not terms or (slashes and slashes[-1] == len(terms)):
                raise StataError(198, "/ comes after a term; the term behind it is the error term", where)
            slashes.append(len(terms))
        else:
            terms += [term for term in _terms(pieces, where) if not _known(term, terms)]
    return AnovaModel(depvar=first[0], depvar_span=span, terms=tuple(terms), blocks=_blocks(len(terms), slashes))


def _words(text: str, offset: int) -> list[tuple[list[str], Span]]:
    """Return terms as lists of names and operators, and ``/`` by itself, each with its place."""
    words: list[tuple[list[str], Span]] = []
    joined = False
    for match in _TOKEN.finditer(text):
        piece, span = match.group(), (match.start() + offset, match.end() + offset)
        if piece.isspace():
            continue
        if piece in _JOINING:
            if not words or words[-1][0] == ["/"] or joined:
                raise StataError(198, f"{piece} stands between two variables", span)
            words[-1] = ([*words[-1][0], piece], (words[-1][1][0], span[1]))
            joined = True
            continue
        if piece != "/" and _NAME.fullmatch(piece) is None:
            raise StataError(198, _BEYOND.format(what=piece), span)
        if joined:
            if piece == "/":
                raise StataError(198, "a variable is missing before /", span)
            words[-1] = ([*words[-1][0], piece], (words[-1][1][0], span[1]))
        else:
            words.append(([piece], span))
        joined = False
    if joined:
        raise StataError(198, f"a variable is missing behind {words[-1][0][-1]}", words[-1][1])
    return words


def _terms(pieces: Sequence[str], span: Span) -> list[AnovaTerm]:
    """Return the terms that a word stands for; ``##`` adds the terms inside of it."""
    names, operators = pieces[::2], pieces[1::2]
    factors = tuple(AnovaFactor(name.partition(".")[2] or name, name.startswith("c.")) for name in names)
    if "|" in operators:
        if "##" in operators:
            raise StataError(198, "## and | may not be used in one term: write the terms out", span)
        place = operators.index("|") + 1
        return [AnovaTerm(factors, place, span)]
    if "##" not in operators:
        return [AnovaTerm(factors, 0, span)]
    if "#" in operators:
        raise StataError(198, "# and ## may not be used in one term: write the terms out", span)
    subsets = [chosen for size in range(1, len(factors) + 1) for chosen in combinations(range(len(factors)), size)]
    subsets.sort(key=lambda chosen: sum(1 << i for i in chosen))
    return [AnovaTerm(tuple(factors[i] for i in chosen), 0, span) for chosen in subsets]


def _known(term: AnovaTerm, terms: Sequence[AnovaTerm]) -> bool:
    return any(sorted(map(repr, term.factors)) == sorted(map(repr, each.factors)) for each in terms)


def _blocks(n: int, slashes: Sequence[int]) -> tuple[AnovaBlock, ...]:
    """Cut the terms 0 … n-1: the term at each slash is the error of those since the error before it.

    An error term right before the next slash is tested by that in turn.
    """
    blocks: list[AnovaBlock] = []
    start = 0
    for slash in slashes:
        error = slash if slash < n else None
        tested = tuple(range(start, slash)) or (slash - 1,)
        blocks.append(AnovaBlock(tested, error))
        start = slash + 1
    if start < n:
        blocks.append(AnovaBlock(tuple(range(start, n)), None))
    return tuple(blocks)
