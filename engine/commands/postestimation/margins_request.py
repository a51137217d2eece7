"""What a ``margins`` command asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.errors import StataError
from engine.lang.at_spec import AtItem, parse_at
from engine.lang.command import Part
from engine.lang.contrast_terms import OPERATORS, ContrastFactor, ContrastTerm, parse_contrast_terms

if TYPE_CHECKING:
    from engine.commands.base import Context
    from engine.lang.command import OptionUse
    from engine.lang.expr import Expr

_PREDICTIONS = re.compile(r"(?:xb)?")
_BOTH = ("effects", "cieffects", "pveffects")
TABLES = {
    "contrast": (*_BOTH, "wald", "nowald", "noeffects", "noatlevels", "overall", "lincom"),
    "pwcompare": (*_BOTH, "cimargins", "groups", "sort"),
}
"""Words of ``contrast()`` and ``pwcompare()`` that choose what is shown."""
_SHORTEST = {"effects": 3, "cieffects": 2, "pveffects": 2, "cimargins": 3, "groups": 5, "overall": 2}
_AT_CONTRAST = re.compile(r"\batcontrast\s*\(\s*(?P<operator>[^().\s]*)\s*(?:\.\s*_at\s*)?\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginsRequest:
    """The parts of the command.

    Attributes
    ----------
    terms
        Of the list of margins.
    at
        Items of each ``at()``.
    slopes, change
        Words of ``dydx()`` or of an elasticity, and which of them.
    expression
        That of ``expression()``, with its text as typed.
    over
        Factors of ``over()``, which may have contrast operators.
    contrast, pairwise
        Words of these options, None where they are not asked for; operators in the list ask for contrasts too.
    at_operator
        That of ``contrast(atcontrast())``, empty without it.
    df
        Degrees of freedom given.
    """

    part: Part
    terms: tuple[ContrastTerm, ...]
    at: tuple[tuple[AtItem, ...], ...]
    slopes: tuple[str, ...]
    change: str
    over: tuple[ContrastFactor, ...]
    predict: str
    expression: Expr | None
    expression_text: str
    subpop: Expr | None
    contrast: frozenset[str] | None
    pairwise: frozenset[str] | None
    at_operator: str
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
    from engine.commands.postestimation.lincom import level_of
    from engine.commands.postestimation.margins_expression import read_expression

    terms = parse_contrast_terms(part.body, part.body_span[0])
    for term in terms:
        if any(factor.continuous for factor in (*term.factors, *term.within)):
            raise StataError(
                198, "continuous variables are not allowed among the margins; use at() or dydx()", term.span
            )
    pairwise, contrast = _words(part.option("pwcompare")), _words(part.option("contrast"))
    at_operator, over = _at_operator(part.option("contrast")), _over(part.option("over"))
    operators = at_operator or any(factor.operator for factor in over)
    if (operators or any(term.has_operator for term in terms)) and contrast is None:
        contrast = frozenset()
    if pairwise is not None and contrast is not None:
        raise StataError(198, "contrasts and pwcompare may not be combined", part.body_span)
    if contrast is not None and not terms and not operators:
        raise StataError(
            198, "contrasts need a term, as in margins r.sector; contrast(atcontrast(r)) contrasts the sets of at()",
            part.body_span,
        )  # fmt: skip
    if pairwise is not None and not terms and not over and not part.has("at"):
        raise StataError(198, "pairwise comparisons need a term, as in margins sector, pwcompare", part.body_span)
    change, slopes = _change(part)
    expression = part.option("expression")
    if expression is not None and (slopes or part.has("predict")):
        other = change if slopes else "predict"
        raise StataError(198, f"expression() and {other}() may not be combined", expression.span)
    _check_vce(part)
    return MarginsRequest(
        part=part,
        terms=terms,
        at=tuple(
            parse_at(use.argument or "", use.argument_span[0] if use.argument_span else 0)
            for use in part.options
            if use.decl.name == "at"
        ),
        slopes=slopes,
        change=change,
        over=over,
        predict=_prediction(part.option("predict")),
        expression=None if expression is None else read_expression(expression),
        expression_text="" if expression is None else " ".join((expression.argument or "").split()),
        subpop=_condition(part.option("subpop")),
        contrast=contrast,
        pairwise=pairwise,
        at_operator=at_operator,
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
    return None if use is None else use.argument


def _change(part: Part) -> tuple[str, tuple[str, ...]]:
    """Return which derivative is asked for and of what; r(198) for two of them."""
    given = [name for name in ("dydx", "eyex", "dyex", "eydx") if part.has(name)]
    if len(given) > 1:
        use = part.option(given[1])
        raise StataError(198, f"options {given[0]}() and {given[1]}() may not be combined", use.span if use else None)
    name = given[0] if given else "dydx"
    return name, tuple((_argument(part, name) or "").split())


def _check_vce(part: Part) -> None:
    """Raise r(198) for standard errors other than those of the delta method."""
    use = part.option("vce")
    word = (use.argument or "").strip() if use is not None else "delta"
    if use is None or "delta".startswith(word or "?"):
        return
    if "unconditional".startswith(word):
        raise StataError(
            198,
            "vce(unconditional) is not available: standard errors are those of the delta method, covariates as given",
            use.argument_span,
        )
    raise StataError(198, f"vce({word}) is not allowed after margins; there is vce(delta)", use.argument_span)


def _prediction(use: OptionUse | None) -> str:
    text = (use.argument or "").strip() if use is not None else ""
    if _PREDICTIONS.fullmatch(text) is None:
        raise StataError(
            198, f"predict({text}) is not available after margins: it averages the linear prediction, xb",
            use.span if use else None,
        )  # fmt: skip
    return text


def _condition(use: OptionUse | None) -> Expr | None:
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
    known = TABLES[use.decl.name]
    found = set()
    text = use.argument or ""
    if use.decl.name == "contrast":
        text = _AT_CONTRAST.sub(" ", text)
    for word in text.replace(",", " ").split():
        full = next((w for w in known if w.startswith(word) and len(word) >= _SHORTEST.get(w, len(w))), None)
        if full is None:
            listed = ", ".join((*known, "atcontrast()") if use.decl.name == "contrast" else known)
            raise StataError(198, f"{use.decl.name}(): {word} is not available; there are {listed}", use.span)
        found.add(full)
    return frozenset(found)


def _at_operator(use: OptionUse | None) -> str:
    """Return the operator of ``contrast(atcontrast(r._at))``; r(198) for none of the contrast operators."""
    match = None if use is None else _AT_CONTRAST.search(use.argument or "")
    if use is None or match is None:
        return ""
    operator = match["operator"]
    if operator not in OPERATORS:
        raise StataError(198, f"atcontrast(): {operator or 'nothing'} is no contrast operator", use.argument_span)
    return operator


def _over(use: OptionUse | None) -> tuple[ContrastFactor, ...]:
    """Return the factors of ``over()``; r(198) for an operator where there are several."""
    if use is None:
        return ()
    start = use.argument_span[0] if use.argument_span else 0
    terms = parse_contrast_terms(use.argument or "", start)
    factors = tuple(term.factors[0] for term in terms)
    if any(len(term.factors) > 1 or term.within or factor.continuous or factor.levels for term, factor in
           zip(terms, factors, strict=True)):  # fmt: skip
        raise StataError(198, "over() takes variables", use.argument_span)
    if len(factors) > 1 and any(factor.operator for factor in factors):
        raise StataError(198, "over() with a contrast operator takes one variable", use.argument_span)
    return factors
