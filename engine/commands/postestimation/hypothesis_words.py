"""What the words of ``test`` state: equations between coefficients, coefficients of whole equations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.errors import StataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.errors import Span
    from engine.lang.command import Part
    from engine.postest.parameters import Parameters
    from engine.results.estimates import Hypotheses

_EQUATIONS = re.compile(r"\s*\[(?P<equations>[^\]]*)\]\s*(?::(?P<list>.*))?", re.DOTALL)


def specifications(part: Part) -> list[tuple[str, int]]:
    """Return the specifications, each with where it begins: those in brackets, or all of the text."""
    from engine.lang.groups import bracketed

    start = part.body_span[0]
    return bracketed(part.body, start) or [(part.body, start)]


def hypotheses(text: str, parameters: Parameters, span: Span, part: Part) -> Hypotheses:
    """Return the hypotheses of one specification."""
    from engine.lang.linear import parse_hypotheses
    from engine.postest.parameters import rows_of

    match = _EQUATIONS.fullmatch(text)
    if match is not None:
        return _of_equations(match["equations"], match["list"], parameters, span, part)
    try:
        equations = parse_hypotheses(text)
    except StataError as error:
        raise StataError(error.rc, error.message, span) from None
    return rows_of(equations, parameters, span)


def _of_equations(names: str, listed: str | None, parameters: Parameters, span: Span, part: Part) -> Hypotheses:
    """Return the hypotheses of ``[eq]``, ``[eq]: list``, ``[a = b]`` and ``[a = b]: list``."""
    import numpy as np

    from engine.lang.linear import HYPOTHESIS, LinearTerm, parse_equations
    from engine.postest.parameters import equation_positions, position
    from engine.results.estimates import Hypotheses

    equations = [name.strip() for name in names.split("=")]
    if not all(equations):
        raise StataError(198, "the name of an equation is missing in the brackets", span)
    places = [equation_positions(name, parameters, span) for name in equations]
    if listed is not None:
        words = [equation.terms[0].name for equation in parse_equations(listed, HYPOTHESIS)]
    else:
        only = all(len(each) == 1 for each in places)
        own = [_names_in(each, parameters, constant=only or part.has("constant")) for each in places]
        words = [word for word in own[0] if all(word in each for each in own)]
        differing = next((word for each in own for word in each if word not in words), None)
        if words and differing is not None and not part.has("common"):
            raise StataError(
                111, f"{differing} is not in all of these equations; option common compares what they share", span
            )
    rows = []
    identity = np.eye(len(parameters.b))
    for word in words:
        first, *others = (position(LinearTerm(1.0, word, name), parameters, span) for name in equations)
        rows += [identity[first] - identity[other] for other in others] or [identity[first]]
    if not rows:
        raise StataError(111, f"[{names}] has no coefficients to test", span)
    return Hypotheses(np.array(rows), np.zeros(len(rows)))


def _names_in(places: Sequence[int], parameters: Parameters, *, constant: bool) -> list[str]:
    """Return the names of coefficients, without ``_cons`` unless `constant`."""
    return [parameters.names[i] for i in places if constant or parameters.names[i] != "_cons"]
