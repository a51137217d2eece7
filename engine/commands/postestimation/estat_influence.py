"""``estat influence``: what the estimates would be without each group. Not in Stata."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.commands.base import Context, Effects
from engine.commands.subcommand import Subcommand, no_more_words
from engine.errors import StataError
from engine.lang.command import OptionUse, Part
from engine.lang.declaration import OptionDecl, OptionKind

if TYPE_CHECKING:
    from engine.data.dataset import Dataset
    from engine.frame.modelframe import IntArray
    from engine.postest.groupsummary import GroupSummary
    from engine.results.estimates import Estimates, MixedEstimates

USUAL_ROWS = 10
"""Groups shown without ``list()``."""

_RELEVEL = OptionDecl(
    name="relevel", minimum=5, kind=OptionKind.VARIABLE, page="model", label="Level variable",
    help="Leave out the groups of this level; the top level is the default.",
)  # fmt: skip
_LIST = OptionDecl(
    name="list", minimum=4, kind=OptionKind.INTEGER, low=0, default=USUAL_ROWS, page="model", label="Groups shown",
    bare=True, help="Show this many groups, the most influential first.",
)  # fmt: skip
_GENERATE = OptionDecl(
    name="generate", minimum=3, kind=OptionKind.NAME, page="model", label="New variables",
    help="Create stub_cooksd, stub_mdffits, stub_covtrace, stub_covratio and stub_distance in the estimation sample.",
)  # fmt: skip

_CREATED = (
    ("cooksd", "Cook's distance of the group"),
    ("mdffits", "MDFFITS of the group"),
    ("covtrace", "COVTRACE of the group"),
    ("covratio", "COVRATIO of the group"),
)


def _run(part: Part, context: Context, estimates: Estimates) -> Effects:
    """Show the table; r(321) where groups do not contribute to the estimates on their own, r(459) for other data."""
    from engine.frame.grouplabels import group_labels
    from engine.postest.groupsummary import group_summary
    from engine.results.stored import Stored
    from engine.tables.influence import influence_blocks, influence_data

    no_more_words(part, "influence")
    mixed = context.mixed("estat influence")
    depth = _depth(part.option("relevel"), mixed, context.dataset)
    summary = group_summary(mixed.spec, mixed.result, context.dataset, depth)
    if summary.influence is None:
        raise StataError(321, summary.reason)
    context.cancel.check()
    names = group_labels(context.dataset, [level.name for level in mixed.result.levels[: depth + 1]], summary.positions)
    level = mixed.result.levels[depth].name
    use = part.option("list")
    shown = USUAL_ROWS if use is None or use.argument is None else int(use.argument)
    columns = [column.name for column in mixed.result.columns]
    context.emit(*influence_blocks(summary, summary.influence, names, level=level, columns=columns, shown=shown))
    scalars = {"N_g": float(len(names)), "max_cooksd": float(np.nanmax(summary.influence.cooksd, initial=0.0))}
    table = influence_data(summary, summary.influence, names, level=level, columns=columns)
    use = part.option("generate")
    dataset = None if use is None else _generated(use, summary, _codes(mixed, context.dataset, depth), context.dataset)
    return Effects(tables=(table,), r=Stored(scalars, {"relevel": level}), dataset=dataset)


def _depth(use: OptionUse | None, mixed: MixedEstimates, dataset: Dataset) -> int:
    from engine.postest.predict import Fitted, level_index

    if not mixed.result.levels:
        raise StataError(321, "estat influence needs a model with groups; the last one has none")
    if use is None or use.argument is None:
        return 0
    try:
        return level_index(Fitted(mixed.spec, mixed.result, dataset), use.argument.strip())
    except StataError as error:
        raise StataError(error.rc, error.message, use.argument_span) from None


def _codes(mixed: MixedEstimates, dataset: Dataset, depth: int) -> IntArray:
    """Return the group of every observation, shape (n_obs,); -1 outside the estimation sample."""
    from engine.frame.prediction import rebind

    bound = rebind(mixed.spec, dataset, mixed.result.sample_rows, mixed.result.columns, signed=mixed.result.signature)
    codes = np.full(dataset.n_obs, -1, dtype=np.int64)
    codes[bound.e_sample] = bound.frame.levels[depth].codes
    return codes


def _generated(use: OptionUse, summary: GroupSummary, codes: IntArray, dataset: Dataset) -> Dataset:
    """Return the data with the new variables, whose names begin with the stub that was given."""
    from engine.data.dataset import Variable
    from engine.data.formats import default_format
    from engine.data.missing import MISSING
    from engine.frame.resolve import check_new_name

    stub = (use.argument or "").strip()
    values = [(name, label, getattr(summary.influence, name)) for name, label in _CREATED]
    values.append(("distance", "Squared Mahalanobis distance of the BLUPs", summary.distance))
    for name, label, of_group in values:
        new = f"{stub}_{name}"
        check_new_name(new, dataset, use.argument_span)
        known = np.where(np.isnan(of_group), MISSING, of_group)
        column = np.append(known, MISSING)[codes]  # the last for observations of no group, code -1
        dataset = dataset.with_variable(Variable(new, "double", default_format("double"), label), column)
    return dataset


SUBCOMMAND = Subcommand(
    name="influence",
    minimum=3,
    help="what the fixed effects would be without each group (not in Stata)",
    options=(_RELEVEL, _LIST, _GENERATE),
    mixed_only=True,
    run=_run,
)
