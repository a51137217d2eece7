"""What a ``margins`` command asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import StataError
from engine.lang.at_spec import AtItem, parse_at
from engine.lang.command import Part
from engine.lang.contrast_terms import ContrastTerm, parse_contrast_terms

if TYPE_CHECKING:
    from engine.commands.base import Context
    from engine.lang.command import OptionUse
    from engine.lang.expr import Expr

_PREDICTIONS = re.compile(r"(?:xb)?")
TABLES = ("effects", "cieffects", "pveffects", "cimargins", "groups", "wald", "nowald", "noeffects", "overall", "sort")
"""Words of ``contrast()`` and ``pwcompare()`` that choose what is shown."""
_SHORTEST = {"effects": 3, "cieffects": 2, "pveffects": 2, "cimargins": 3, "groups": 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginsRequest:
    """The parts of the command.

    Attributes
    ----------
    terms
        Of the list of margins.
    at
        Items of each ``at()``.
    slopes
        Words of ``dydx()``.
    contrast, pairwise
        Words of these options, None where they are not asked for; operators in the list ask for contrasts too.
    df
        Degrees of freedom given.
    """

    part: Part
    terms: tuple[ContrastTerm, ...]
    at: tuple[tuple[AtItem, ...], ...]
    slopes: tuple[str, ...]
    over: str
    predict: str
    subpop: Expr | None
    contrast: frozenset[str] | None
    pairwise: frozenset[str] | None
    df: float | None
    level: float
    atmeans: bool
    asbalanced: bool
    grand: bool
    noesample: bool
    noestimcheck: bool
    noatlegend: bool


def read_request(part: Part, context: Context) -> MarginsRequest:
    """Read the command; r(198) for what is not available."""
    from engine.commands.lincom import level_of

    terms = parse_contrast_terms(part.body, part.body_span[0])
    for term in terms:
        if any(factor.continuous for factor in (*term.factors, *term.within)):
            raise StataError(
                198, "continuous variables are not allowed among the margins; use at() or dydx()", term.span
            )
    pairwise, contrast = _words(part.option("pwcompare")), _words(part.option("contrast"))
    if any(term.has_operator for term in terms) and contrast is None:
        contrast = frozenset()
    if pairwise is not None and contrast is not None:
        raise StataError(198, "contrasts and pwcompare may not be combined", part.body_span)
    if (pairwise is not None or contrast is not None) and not terms:
        raise StataError(198, "contrasts and pairwise comparisons need terms, as in margins r.sector", part.body_span)
    return MarginsRequest(
        part=part,
        terms=terms,
        at=tuple(
            parse_at(use.argument or "", use.argument_span[0] if use.argument_span else 0)
            for use in part.options
            if use.decl.name == "at"
        ),
        slopes=tuple((_argument(part, "dydx") or "").split()),
        over=_argument(part, "over") or "",
        predict=_prediction(part.option("predict")),
        subpop=_expression(part.option("subpop")),
        contrast=contrast,
        pairwise=pairwise,
        df=float(_argument(part, "df") or 0.0) if part.has("df") else None,
        level=level_of(part, context),
        atmeans=part.has("atmeans"),
        asbalanced=part.has("asbalanced"),
        grand=part.has("grand"),
        noesample=part.has("noesample"),
        noestimcheck=part.has("noestimcheck"),
        noatlegend=part.has("noatlegend"),
    )


def _argument(part: Part, name: str) -> str | None:
    use = part.option(name)
    if name == "vce":
        return None
    return None if use is None else use.argument


def _prediction(use: OptionUse | None) -> str:
    text = (use.argument or "").strip() if use is not None else ""
    if _PREDICTIONS.fullmatch(text) is None:
        raise StataError(
            198, f"predict({text}) is not available after margins: it averages the linear prediction, xb",
            use.span if use else None,
        )  # fmt: skip
    return text


def _expression(use: OptionUse | None) -> Expr | None:
    from engine.lang.parse_expr import parse_expression

    if use is None:
        return None
    text = (use.argument or "").strip()
    start = use.argument_span[0] if use.argument_span else 0
    if text.startswith("if "):
        text, start = text[3:], start + 3
    return parse_expression(text, start)


def _words(use: OptionUse | None) -> frozenset[str] | None:
    """Return the words of ``contrast()`` or ``pwcompare()`` in full, None without the option."""
    if use is None:
        return None
    found = set()
    for word in (use.argument or "").replace(",", " ").split():
        full = next((w for w in TABLES if w.startswith(word) and len(word) >= _SHORTEST.get(w, len(w))), None)
        if full is None:
            raise StataError(
                198, f"{use.decl.name}(): {word} is not available; there are {', '.join(TABLES)}", use.span
            )
        found.add(full)
    return frozenset(found)
