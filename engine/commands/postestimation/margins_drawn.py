"""Contrasts and pairwise comparisons of margins as ``marginsplot`` draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.postest.comparisons import Inference
    from engine.postest.grids import Cells, ContrastRow, Contrasts
    from engine.postest.linear_tests import Combinations
    from engine.postest.margins import Averages
    from engine.results.margins import MarginsResult
    from engine.tables.labels import FactorLabels
    from engine.tables.margins import MarginsHead

CONTRAST, PAIR = "_contrast", "_pw"
"""Dimensions of contrasts and of pairs."""


def drawn_contrasts(
    found: Sequence[Contrasts], averages: Averages, inference: Inference, labels: FactorLabels, head: MarginsHead
) -> MarginsResult:
    """Return the contrasts of the terms with their places: the contrast, and the levels it stays within."""
    from dataclasses import replace

    import numpy as np

    from engine.tables.contrasts import row_text

    texts: dict[float, str] = {}
    places: list[tuple[tuple[str, float], ...]] = []
    for each in found:
        for row in each.rows:
            text = row_text(replace(row, within=()), each.factors, labels)
            number = next((k for k, known in texts.items() if known == text), float(len(texts) + 1))
            texts[number] = text
            places.append((*_within(row, averages), (CONTRAST, number)))
    weights = np.concatenate([each.L for each in found])
    known = np.concatenate([each.known for each in found])
    result = inference.each(weights, known, comparisons=len(known))
    return _result(places, result, head, inference.level, {CONTRAST: texts})


def _within(row: ContrastRow, averages: Averages) -> list[tuple[str, float]]:
    """Return the values of ``at()`` and the levels of factors that a contrast stays within."""
    from engine.postest.margins import AT

    own = [(part.variable, float(part.level or 0)) for part in row.within]
    number = dict(own).get(AT)
    if number is None or averages.varying == (AT,):
        return own
    values = averages.settings[int(number) - 1].values
    return [*((name, values[name]) for name in averages.varying), *(pair for pair in own if pair[0] != AT)]


def drawn_pairs(
    cells: Sequence[tuple[str, Cells]], inference: Inference, labels: FactorLabels, head: MarginsHead
) -> MarginsResult:
    """Return the pairwise differences, one place each."""
    from engine.commands.postestimation.comparison_pairs import bracketed, cell_texts
    from engine.postest.comparisons import pair_tests, pairs_of

    texts: dict[float, str] = {}
    found = []
    for _, own in cells:
        words, pairs = cell_texts(own, labels), pairs_of(own, inference.method)
        for i, j in pairs.pairs:
            texts[float(len(texts) + 1)] = f"{bracketed(words[i], own)} vs {bracketed(words[j], own)}"
        found.append(pair_tests(inference, own, pairs))
    places = [((PAIR, number),) for number in texts]
    return _result(places, _joined(found), head, inference.level, {PAIR: texts})


def _joined(parts: Sequence[Combinations]) -> Combinations:
    """Return the combinations of several terms one after the other."""
    from dataclasses import replace

    import numpy as np

    names = ("se", "z", "p", "ll", "ul", "critical")
    arrays = {name: np.concatenate([getattr(part.tests, name) for part in parts]) for name in names}
    estimates, df = (np.concatenate([getattr(part, name) for part in parts]) for name in ("estimates", "df"))
    return replace(parts[0], estimates=estimates, tests=replace(parts[0].tests, **arrays), df=df)


def _result(
    places: Sequence[tuple[tuple[str, float], ...]],
    found: Combinations,
    head: MarginsHead,
    level: float,
    texts: dict[str, dict[float, str]],
) -> MarginsResult:
    import numpy as np

    from engine.frame.columns import Column
    from engine.results.margins import MarginRow, MarginsResult

    t = found.tests
    names = dict.fromkeys(name for place in places for name, _ in place)
    own = [name for name in names if len({dict(place).get(name) for place in places}) > 1]
    return MarginsResult(
        title=head.title,
        expression=head.expression,
        rows=tuple(MarginRow(Column(()), "", 0, tuple(place)) for place in places),
        estimates=found.estimates,
        V=np.diag(np.nan_to_num(t.se) ** 2),
        se=t.se,
        ll=t.ll,
        ul=t.ul,
        df=found.df,
        level=level,
        dimensions=tuple(own) or tuple(names),
        texts=texts,
    )
