"""``lrtest`` with composite models: fits of separate observations whose likelihoods multiply ([R] lrtest)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.postestimation.estimate_names import ACTIVE, by_name
from engine.errors import StataError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from engine.errors import Span
    from engine.lang.command import Part
    from engine.results.estimates import Estimates

_SPECIFICATION = re.compile(r"\s*(?:\((?P<names>[^()]*)\)|(?P<name>[^\s()]+))")


@dataclass(frozen=True, slots=True)
class Composite:
    """Fits that make one model together."""

    members: tuple[Estimates, ...]

    @property
    def name(self) -> str:
        """The names as printed, in brackets where they are several."""
        names = ", ".join(each.name for each in self.members)
        return f"({names})" if len(self.members) > 1 else names

    @property
    def ll(self) -> float:
        """Sum of the log likelihoods."""
        return sum(each.result.ll for each in self.members)

    @property
    def rank(self) -> int:
        """Number of parameters."""
        return sum(each.result.rank for each in self.members)

    @property
    def n_obs(self) -> int:
        """Number of observations."""
        return sum(each.result.n_obs for each in self.members)

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """Numbers of the observations, in order, those of several members as often."""
        import numpy as np

        return np.sort(np.concatenate([each.result.sample_rows for each in self.members]))


def read_models(text: str, span: Span) -> list[list[str]]:
    """Return the names of one or two models, ``m1 (m2 m3)``; r(198) for other text."""
    found: list[list[str]] = []
    at = 0
    text = text.rstrip()
    while at < len(text):
        match = _SPECIFICATION.match(text, at)
        names = [] if match is None else (match["names"] or match["name"] or "").replace(",", " ").split()
        if match is None or not names:
            raise StataError(198, f"lrtest takes names of stored results: {text[at:].strip()} is none", span)
        found.append(names)
        at = match.end()
    if not 1 <= len(found) <= 2:
        raise StataError(
            198, "lrtest takes the names of two stored results, as in lrtest m1 m2 or lrtest (m1 m2) m3", span
        )
    return found


def run(specifications: list[list[str]], part: Part, context: Context) -> Effects:
    """Compute the test; r(498) where the models do not have the same observations or no likelihoods."""
    from engine.commands.postestimation.lrtest import shown
    from engine.inference.lrtest import of_two
    from engine.results.stored import Stored
    from engine.tables.lrtest import LrTest, lrtest_blocks, lrtest_data

    if part.has("reps"):
        raise StataError(198, "option reps() is not available for composite models", part.body_span)
    listed = [*specifications, [ACTIVE]][:2]
    first, second = (Composite(tuple(by_name(context, n, part.body_span) for n in names)) for names in listed)
    full, restricted = (second, first) if second.rank > first.rank else (first, second)
    given = part.option("df")
    df = full.rank - restricted.rank if given is None else int(given.argument or 0)
    _check(full, restricted, df, part)
    found = LrTest(
        full=full.name,
        restricted=restricted.name,
        test=of_two(full.ll, restricted.ll, df=df),
        higher=restricted.ll - full.ll > 1e-6 * (1.0 + abs(full.ll)),
    )
    context.emit(*lrtest_blocks(found))
    tables = (lrtest_data(found), *shown(part, (*full.members, *restricted.members), context))
    return Effects(tables=tables, r=Stored(scalars={"p": found.test.p, "chi2": found.test.chi2, "df": float(df)}))


def _check(full: Composite, restricted: Composite, df: int, part: Part) -> None:
    """Raise r(498) where the test cannot be computed, or is not valid and not forced."""
    import numpy as np

    from engine.inference.nested import restricted_likelihood
    from engine.postest.figures import is_pseudo

    span = part.body_span
    members = (*full.members, *restricted.members)
    for each in members:
        if not np.isfinite(each.result.ll):
            raise StataError(
                498, f"{each.name} does not contain scalar e(ll): {each.command} gives no likelihood", span
            )
    if df < 1:
        raise StataError(
            498, f"df(unrestricted) = df(restricted) = {full.rank}: the models have as many parameters", span
        )
    if part.has("force"):
        return
    why = ""
    responses = list(dict.fromkeys(each.result.depvar for each in members))
    if len(responses) > 1:
        why = f"the responses differ: {' vs. '.join(responses)}"
    elif any(is_pseudo(each) for each in members):
        why = "LR test likely invalid for models with robust vce"
    elif any(restricted_likelihood(each.result) for each in members):
        why = "restricted likelihoods of fits of different observations cannot be added"
    elif full.n_obs != restricted.n_obs:
        why = f"observations differ: {full.n_obs} vs. {restricted.n_obs}"
    elif not _same_rows(full, restricted):
        why = "the estimation samples differ"
    if why:
        raise StataError(498, f"{why}; add the option force to test all the same", span)


def _same_rows(full: Composite, restricted: Composite) -> bool:
    """Tell whether the models have the same observations, each once, as far as these are known."""
    import numpy as np

    one, other = full.rows, restricted.rows
    if not (len(one) == full.n_obs and len(other) == restricted.n_obs):
        return True
    return len(np.unique(one)) == len(one) and bool(np.array_equal(one, other))
