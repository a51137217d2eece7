"""``lrtest``: likelihood-ratio test of two fits, one nested within the other ([R] lrtest)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.postestimation.estat_pboot import SEED, seed_of
from engine.commands.postestimation.estimate_names import ACTIVE, by_name
from engine.errors import StataError
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, Picks, VarlistRule

if TYPE_CHECKING:
    from engine.frame.columns import Column
    from engine.frame.modelframe import FloatArray
    from engine.inference.nested import Comparison
    from engine.lang.command import Command, Part
    from engine.results.estimates import Estimates
    from engine.results.stored import DataTable
    from engine.tables.lrtest import BootstrapRatio, LrTest

DECLARATION = CommandDecl(
    name="lrtest",
    minimum=6,
    title="Likelihood-ratio test",
    help="Compares two fits, one of which is a special case of the other; . stands for the active results, as does "
    "a second name left out. (m1 m2) is a composite model: fits of separate observations, likelihoods added.",
    menu=("Statistics", "Postestimation", "Tests, contrasts, and comparisons of parameter estimates",
          "Likelihood-ratio test comparing models"),
    varlist=VarlistRule.TEXT,
    text_label="Models",
    picks=Picks.FIT_PAIR,
    options=(
        OptionDecl(name="stats", minimum=2, label="Information criteria", page="model",
                   help="Shows the information criteria of both models too."),
        OptionDecl(name="dir", minimum=2, label="Describe the models", page="model",
                   help="Shows command and response of both models too."),
        OptionDecl(name="df", minimum=2, kind=OptionKind.INTEGER, low=1, label="Degrees of freedom", page="model",
                   help="Overrides the degrees of freedom, which are the difference in the numbers of parameters."),
        OptionDecl(name="force", minimum=5, label="Test in any case", page="model",
                   help="Computes the test even where it is not valid."),
        OptionDecl(name="reps", minimum=4, kind=OptionKind.INTEGER, low=19, high=1_000_000, page="model",
                   label="Parametric bootstrap",
                   help="Also compares the statistic with those of this many responses drawn from the smaller of two "
                   "mixed models and fitted by both (not in Stata)."),
        SEED,
    ),
    examples=("lrtest m1 m2", "lrtest m1", "lrtest . m1, stats"),
)  # fmt: skip


def run(command: Command, context: Context) -> Effects:
    """Compute the test.

    Raises
    ------
    StataError
        r(111) and r(301) for results that are not there, r(498) for models whose likelihoods cannot be compared.
    """
    from engine.commands.postestimation import lrtest_composite
    from engine.results.stored import Stored
    from engine.tables.lrtest import lrtest_blocks, lrtest_data

    part = command.main
    specifications = lrtest_composite.read_models(part.body, part.body_span)
    if any(len(names) > 1 for names in specifications):
        return lrtest_composite.run(specifications, part, context)
    full, restricted = _models([names[0] for names in specifications], part, context)
    found = _test(full, restricted, part, context)
    bootstrap = _bootstrap(full, restricted, found.test.chi2, part, context)
    found = replace(found, bootstrap=bootstrap)
    context.emit(*lrtest_blocks(found))
    tables = (lrtest_data(found), *shown(part, (full, restricted), context))
    scalars = {"p": found.test.p, "chi2": found.test.chi2, "df": float(found.test.df)}
    if found.boundary_p == found.boundary_p:
        scalars["p_boundary"] = found.boundary_p
    if bootstrap is not None:
        scalars |= {"p_bootstrap": bootstrap.p, "reps": float(bootstrap.replications)}
    return Effects(tables=tables, r=Stored(scalars=scalars))


def _models(names: list[str], part: Part, context: Context) -> tuple[Estimates, Estimates]:
    """Return the unrestricted fit, which has more parameters, and the restricted one."""
    first, second = (by_name(context, name, part.body_span) for name in (*names, ACTIVE)[:2])
    return (second, first) if second.result.rank > first.result.rank else (first, second)


def _test(full: Estimates, restricted: Estimates, part: Part, context: Context) -> LrTest:
    from engine.inference.boundary import one_effect_added
    from engine.inference.lrtest import of_two
    from engine.inference.nested import compare, restricted_likelihood
    from engine.tables.lrtest import LrTest

    given = part.option("df")
    force = part.has("force")
    df = full.result.rank - restricted.result.rank if given is None else int(given.argument or 0)
    _check_likelihoods(full, restricted, df, part, context)
    comparison = compare(full.result, restricted.result, lambda columns: _design(full, columns, context))
    if comparison.beyond and not force:
        raise StataError(
            498,
            f"{restricted.name} is not nested within {full.name}, which does not have "
            f"{' and '.join(comparison.beyond)}; add the option force to test all the same",
            part.body_span,
        )
    ll, ll_restricted = full.result.ll, restricted.result.ll
    test = of_two(ll, ll_restricted, df=df)
    reml = restricted_likelihood(full.result) and not comparison.same_fixed
    one_more = comparison.added_effects == 1 and given is None and not reml and not force
    return LrTest(
        full=full.name,
        restricted=restricted.name,
        test=test,
        on_boundary=comparison.boundary,
        boundary_p=one_effect_added(test.chi2, df - 1) if one_more else float("nan"),
        reml=reml,
        higher=ll_restricted - ll > _slack(comparison, ll),
    )


def _bootstrap(
    full: Estimates, restricted: Estimates, chi2: float, part: Part, context: Context
) -> BootstrapRatio | None:
    """Draw from the smaller model and fit both, where ``reps()`` asks for it; r(321) unless both come from mixed."""
    from engine.events import Progress
    from engine.frame.prediction import rebind
    from engine.postest.parametric import ratio_draws
    from engine.results.estimates import MixedEstimates
    from engine.tables.lrtest import BootstrapRatio

    use = part.option("reps")
    if use is None or use.argument is None:
        return None
    if not (isinstance(full, MixedEstimates) and isinstance(restricted, MixedEstimates)):
        raise StataError(321, "option reps() needs two fits of mixed: other models have nothing to draw from", use.span)
    frames = [
        rebind(
            each.spec, context.dataset, each.result.sample_rows, each.result.columns, signed=each.result.signature
        ).frame
        for each in (restricted, full)
    ]
    draws = ratio_draws(
        (restricted.result, frames[0]),
        frames[1],
        (restricted.spec.maximization, full.spec.maximization),
        seed=seed_of(part, context),
        replications=int(use.argument),
        cancel=context.cancel,
        progress=lambda done, all_: context.sink(Progress("refitting drawn responses", done, all_)),
    )
    return BootstrapRatio.of(chi2, draws)


def _slack(comparison: Comparison, ll: float) -> float:
    """Return by how much rounding may put the restricted likelihood above the other."""
    return 1e-6 * (1.0 + abs(ll)) if not comparison.beyond else 1e-9 * (1.0 + abs(ll))


def _check_likelihoods(full: Estimates, restricted: Estimates, df: int, part: Part, context: Context) -> None:
    """Raise r(498) where the test cannot be computed, or is not valid and not forced."""
    import numpy as np

    from engine.inference.nested import comparable
    from engine.postest.figures import is_pseudo

    span = part.body_span
    for each in (full, restricted):
        if not np.isfinite(each.result.ll):
            raise StataError(
                498, f"{each.name} does not contain scalar e(ll): {each.command} gives no likelihood", span
            )
    if df < 1:
        rank = full.result.rank
        raise StataError(498, f"df(unrestricted) = df(restricted) = {rank}: the models have as many parameters", span)
    if part.has("force"):
        return
    why = comparable(full.result, restricted.result)
    if not why and full.command != restricted.command:
        why = f"the commands differ: {full.command} vs. {restricted.command}"
    if not why and any(is_pseudo(each) for each in (full, restricted)):
        why = "LR test likely invalid for models with robust vce"
    if not why and not _same_sample(full, restricted, context):
        why = "the estimation samples differ"
    if why:
        raise StataError(498, f"{why}; add the option force to test all the same", span)


def _same_sample(full: Estimates, restricted: Estimates, context: Context) -> bool:
    """Tell whether both samples are the same observations, as far as those are in memory."""
    import numpy as np

    one, other = full.result.sample_rows, restricted.result.sample_rows
    present = np.isin(one, context.dataset.row_ids).all() and np.isin(other, context.dataset.row_ids).all()
    return not (len(one) and len(other) and present) or bool(np.array_equal(np.sort(one), np.sort(other)))


def _design(estimates: Estimates, columns: tuple[Column, ...], context: Context) -> FloatArray | None:
    """Return columns on the estimation sample; None where it or a variable is gone."""
    from engine.data.missing import is_missing
    from engine.frame.columnvalues import RowValues, design_matrix
    from engine.frame.prediction import sample_mask

    dataset = context.dataset
    mask = sample_mask(dataset, estimates.result.sample_rows)
    names = {part.variable for column in columns for part in column.parts}
    known = all(name in dataset and not dataset.variable(name).is_string for name in names)
    if not known or not mask.any() or int(mask.sum()) < len(estimates.result.sample_rows):
        return None
    values = RowValues(dataset, mask)
    if any(is_missing(values(name)).any() for name in names):
        return None
    return design_matrix(columns, values, int(mask.sum()))


def shown(part: Part, models: tuple[Estimates, ...], context: Context) -> tuple[DataTable, ...]:
    """Print what ``dir`` and ``stats`` ask for; return the tables."""
    from engine.inference.criteria import information_criteria
    from engine.tables.criteria import ic_blocks, ic_data
    from engine.tables.estimates_list import directory_blocks

    if part.has("dir"):
        context.emit(*directory_blocks(models))
    if not part.has("stats"):
        return ()
    rows = tuple((each.name, information_criteria(each.result)) for each in models)
    context.emit(*ic_blocks(rows))
    return (ic_data(rows),)
