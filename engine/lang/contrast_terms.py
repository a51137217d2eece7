"""Terms with contrast operators: ``r.sector#ar.grade@female``, ``{dose -1 0 1}`` ([R] contrast, [R] margins)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from engine.errors import Span, StataError
from engine.lang.groups import outside

OPERATORS = ("r", "a", "ar", "g", "gw", "h", "hw", "j", "jw", "p", "pw", "q", "qw")
"""What may stand before a factor; ``as`` and the empty text mean its effects as the model codes them."""
_FACTOR = re.compile(
    r"""(?:(?P<operator>[a-z]+?)?
        (?:b\(?(?P<base>\#?\d+|first|last)\)?|\((?P<levels>[\d\s/]+)\)|(?P<level>\d+))?
        \.)?(?P<variable>[^\W\d]\w*)""",
    re.VERBOSE,
)
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:/\d+)?"
_CUSTOM = re.compile(rf"\{{\s*(?P<variable>[^\W\d]\w*)\s+(?P<weights>{_NUMBER}(?:\s+{_NUMBER})*)\s*\}}")


@dataclass(frozen=True, slots=True)
class ContrastFactor:
    """One variable of a term.

    Attributes
    ----------
    operator
        One of `OPERATORS`, or empty.
    base
        Reference level as typed after ``rb``: a number, ``#k``, ``first`` or ``last``; empty for the base level.
    levels
        Levels selected (``2.sector``, ``i(1 3).grade``), or orders of a polynomial (``p(1 2).dose``); None for all.
    continuous
        Whether the variable stands with ``c.``.
    weights
        Of a custom contrast, one per level; empty otherwise.
    """

    variable: str
    operator: str = ""
    base: str = ""
    levels: tuple[int, ...] | None = None
    continuous: bool = False
    weights: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ContrastTerm:
    """Factors that are contrasted, within the levels of others (``@`` or ``|``)."""

    factors: tuple[ContrastFactor, ...]
    within: tuple[ContrastFactor, ...] = ()
    nested: bool = False
    span: Span | None = field(default=None, compare=False)

    @property
    def has_operator(self) -> bool:
        """Whether the term asks for contrasts."""
        own = (*self.factors, *self.within)
        return bool(self.within) or any(factor.operator or factor.weights for factor in own)


def parse_contrast_terms(text: str, offset: int = 0) -> tuple[ContrastTerm, ...]:
    """Return the terms of a list; ``a##b`` stands for ``a b a#b``. r(198) for what is no term."""
    terms: list[ContrastTerm] = []
    for start, end in _words(text):
        word, span = text[start:end], (offset + start, offset + end)
        heads, within, nested = _split_within(word, span)
        for factors in _products(heads, span):
            term = ContrastTerm(factors, within, nested, span)
            names = [factor.variable for factor in (*factors, *within) if not factor.continuous]
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                raise StataError(198, f"{word}: {twice} is in the term twice", span)
            if term not in terms:
                terms.append(term)
    return tuple(terms)


def _words(text: str) -> list[tuple[int, int]]:
    """Return where the items lie: blanks outside of brackets separate them."""
    cuts = [-1, *(k for sign in " \t\n" for k in outside(text, sign)), len(text)]
    cuts.sort()
    return [(a + 1, b) for a, b in pairwise(cuts) if text[a + 1 : b].strip()]


def _split_within(word: str, span: Span) -> tuple[str, tuple[ContrastFactor, ...], bool]:
    signs = [(place, sign) for sign in "@|" for place in outside(word, sign)]
    if not signs:
        return word, (), False
    if len(signs) > 1:
        raise StataError(198, f"{word}: one @ or | is enough, its factors are joined by #", span)
    place, sign = signs[0]
    return word[:place], tuple(_factor(piece, span) for piece in word[place + 1 :].split("#")), sign == "|"


def _products(text: str, span: Span) -> list[tuple[ContrastFactor, ...]]:
    """Multiply out ``a##b#c`` in the order a, b#c, a#b#c."""
    units = [tuple(_factor(piece, span) for piece in unit.split("#")) for unit in text.split("##")]
    out = []
    for size in range(1, len(units) + 1):
        for chosen in combinations(units, size):
            if size == len(units) or len(units) > 1:
                out.append(tuple(factor for unit in chosen for factor in unit))
    return out


def _factor(text: str, span: Span) -> ContrastFactor:
    text = text.strip()
    custom = _CUSTOM.fullmatch(text)
    if custom is not None:
        weights = tuple(_fraction(word) for word in custom["weights"].split())
        return ContrastFactor(custom["variable"], weights=weights)
    match = _FACTOR.fullmatch(text)
    if match is None:
        why = f"{text} is no factor or contrast of one" if text else "a factor is missing beside #"
        raise StataError(198, why, span)
    operator, base = match["operator"] or "", match["base"] or ""
    if base and operator not in ("r", "i", ""):
        raise StataError(198, f"{text}: a reference level goes with r.", span)
    levels = _levels(match["levels"] or match["level"])
    if operator in ("c", "i", "as", ""):
        return ContrastFactor(match["variable"], "", base, levels, operator == "c")
    if operator not in OPERATORS:
        raise StataError(198, f"{operator}. is no contrast operator; there are {', '.join(OPERATORS)}", span)
    return ContrastFactor(match["variable"], operator, base, levels)


def _levels(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    found: list[int] = []
    for word in text.split():
        first, _, last = word.partition("/")
        found += range(int(first), int(last or first) + 1)
    return tuple(found)


def _fraction(text: str) -> float:
    above, _, below = text.partition("/")
    return float(above) / float(below or 1.0)
