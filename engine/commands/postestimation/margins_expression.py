"""``expression()`` of ``margins``: an expression of the linear prediction, coefficients and variables, row by row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.errors import StataError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    from engine.commands.base import Context
    from engine.commands.postestimation.margins_request import MarginsRequest
    from engine.frame.evaluate import Found
    from engine.lang import expr
    from engine.lang.command import OptionUse
    from engine.postest.average_rows import Fixing
    from engine.postest.covariates import Covariates
    from engine.postest.function_rows import Expressions, Observed
    from engine.postest.parameters import Parameters

    FloatArray = npt.NDArray[np.float64]

_PREDICTION = "__xb"
_CALLS = re.compile(r"\b(?:predict\s*\(\s*(?P<what>[^()]*)\)|xb\s*\(\s*\))")


def read_expression(use: OptionUse) -> expr.Expr:
    """Return the tree of the option, `_PREDICTION` for ``predict()`` and ``xb()``; r(198) for other predictions."""
    from engine.lang.parse_expr import parse_expression

    text = use.argument or ""
    start = use.argument_span[0] if use.argument_span else 0
    for found in _CALLS.finditer(text):
        if (found["what"] or "").strip() not in ("", "xb"):
            raise StataError(
                198, f"{found[0]} is not available in expression(): it takes the linear prediction, predict(xb)",
                (start + found.start(), start + found.end()),
            )  # fmt: skip
    return parse_expression(_CALLS.sub(lambda m: _PREDICTION.ljust(len(m[0])), text), start)


def expressions(
    request: MarginsRequest, observed: Observed, covariates: Covariates, parameters: Parameters, context: Context
) -> Expressions:
    """Return the averages of the expression; r(111) for what is no variable or coefficient."""
    import numpy as np

    from engine.data.missing import is_missing
    from engine.frame.evaluate import evaluate
    from engine.frame.resolve import resolve_name
    from engine.lang import expr
    from engine.lang.linear import LinearTerm
    from engine.postest.function_rows import Expressions
    from engine.postest.parameters import position

    tree = request.expression
    assert tree is not None
    dataset = context.dataset
    n = len(observed.weights)
    empty = type(dataset)(n_obs=n)

    def place(node: expr.Stored) -> int:
        equation, _, name = node.name.rpartition(":")
        return position(LinearTerm(1.0, name, equation), parameters, node.span)

    def column(node: expr.Name, fixing: Fixing) -> FloatArray:
        name = resolve_name(node.name, dataset, node.span)
        if dataset.variable(name).is_string:
            raise StataError(109, f"type mismatch: {name} holds text, and expression() needs numbers", node.span)
        return np.full(n, fixing[name].value) if name in fixing else covariates.values(name)

    def evaluated(prediction: FloatArray, b: FloatArray, fixing: Fixing) -> FloatArray:
        def known(node: expr.Stored | expr.Name) -> Found:
            if isinstance(node, expr.Stored):
                return float(b[place(node)]) if node.kind in ("_b", "_coef") else context.lookup(node)
            if node.name == _PREDICTION:
                return prediction
            found = context.lookup(node) if node.name not in dataset else None
            return column(node, fixing) if found is None else found

        with np.errstate(all="ignore"):
            values = evaluate(tree, empty, lookup=known)
        if values.dtype == object:
            raise StataError(109, "type mismatch: expression() is text", tree.span)
        return np.where(is_missing(values), np.nan, values)

    coefficients = [node for node in _nodes(tree) if isinstance(node, expr.Stored) and node.kind in ("_b", "_coef")]
    return Expressions(observed, evaluated, tuple(dict.fromkeys(place(node) for node in coefficients)))


def _nodes(tree: expr.Expr) -> Iterator[expr.Expr]:
    """Go through a tree."""
    from engine.lang.parse_expr import children

    yield tree
    for child in children(tree):
        yield from _nodes(child)
