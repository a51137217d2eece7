"""``xtile`` and ``pctile``: categories by quantiles, and the quantiles ([D] pctile)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects, Run
from engine.errors import StataError
from engine.lang.command import Command
from engine.lang.declaration import CommandDecl, OptionDecl, OptionKind, VarlistRule
from engine.results.stored import Stored

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NQUANTILES = OptionDecl(
    name="nquantiles", minimum=1, kind=OptionKind.INTEGER, low=2, high=1001, default=2, label="Number of quantiles",
    help="How many groups of equal size.", page="model",
)  # fmt: skip
XTILE = CommandDecl(
    name="xtile",
    minimum=5,
    title="Create variable of quantile categories",
    help="xtile new = exp numbers the groups of equal size that the values fall into.",
    menu=(
        "Data", "Create or change data", "Other variable-creation commands", "Create variable of quantile categories",
    ),
    varlist=VarlistRule.NEW,
    assign=True,
    allow_if=True,
    allow_in=True,
    weights=("aweight", "fweight", "pweight"),
    options=(
        NQUANTILES,
        OptionDecl(
            name="cutpoints", minimum=1, kind=OptionKind.VARIABLE, label="Cutpoints", page="model",
            help="Variable whose values part the categories.",
        ),
    ),
    examples=("xtile quarter = ses, nquantiles(4)",),
)  # fmt: skip
PCTILE = CommandDecl(
    name="_pctile",
    minimum=7,
    title="Percentiles",
    help="Leaves percentiles of a variable in r(r1), r(r2), ….",
    varlist=VarlistRule.REQUIRED,
    allow_if=True,
    allow_in=True,
    weights=("aweight", "fweight", "pweight"),
    options=(
        NQUANTILES,
        OptionDecl(
            name="percentiles", minimum=1, kind=OptionKind.NUMBERS, label="Percentiles", page="model",
            help="Which percentiles, in percent.",
        ),
    ),
    examples=("_pctile ses, percentiles(10 90)",),
    results=(("r(r1), r(r2), …", "the percentiles"),),
)  # fmt: skip


def quantiles(
    values: npt.NDArray[np.float64], percents: list[float], weights: npt.NDArray[np.float64] | None
) -> list[float]:
    """Return percentiles of nonmissing values as ``summarize, detail`` defines them."""
    import numpy as np

    from engine.data import groupstats

    one = np.zeros(len(values), dtype=np.int64)
    return [float(groupstats.percentiles(values, one, 1, percent, weights)[0]) for percent in percents]


def run_xtile(command: Command, context: Context) -> Effects:
    """Make the categories; a value equal to a cutpoint belongs to the lower one."""
    import numpy as np

    from engine.commands.data.storage import read_storage
    from engine.data.dataset import Variable
    from engine.data.missing import MISSING, from_doubles, is_missing
    from engine.frame.resolve import check_new_name, resolve_name
    from engine.frame.rowweights import row_weights

    part, dataset = command.main, context.dataset
    names = part.body.split()
    if len(names) > 2 or part.expression is None:
        raise StataError(198, f"{part.body} is not one new variable, with a storage type before it", part.body_span)
    asked = read_storage(names[0], part.body_span) if len(names) == 2 else ""
    if asked.startswith("str"):
        raise StataError(109, "type mismatch: xtile makes a numeric variable", part.body_span)
    new = check_new_name(names[-1], dataset, part.body_span)
    values = context.values(part.expression)
    if values.dtype == object:
        raise StataError(109, "type mismatch: xtile takes numbers", part.body_span)
    mask = context.selected(part) & ~is_missing(values)
    weights = row_weights(part.weight, dataset, mask, context.lookup)
    cut = part.option("cutpoints")
    if cut is not None and part.has("nquantiles"):
        raise StataError(184, "options nquantiles and cutpoints may not be combined", cut.span)
    if cut is not None:
        found = dataset.numeric(resolve_name((cut.argument or "").strip(), dataset, cut.argument_span))
        points = np.unique(found[~is_missing(found)])
    else:
        if not mask.any():
            raise StataError(2000, "no observations")
        use = part.option("nquantiles")
        count = int(use.argument) if use is not None and use.argument else 2
        if count > mask.sum() + 1:
            message = f"nquantiles() must be less than or equal to the number of observations ({mask.sum():,}) plus one"
            raise StataError(198, message, use.argument_span if use is not None else None)
        own = None if weights is None else weights.values[mask]
        points = np.array(quantiles(values[mask], [100.0 * k / count for k in range(1, count)], own))
    groups = np.where(mask, np.searchsorted(points, values, side="left") + 1.0, MISSING)
    largest = float(groups[mask].max()) if mask.any() else 1.0
    storage = asked or ("byte" if largest <= 100 else "int")
    label = f"{len(points) + 1} quantiles of {command.text[command.text.index('=') + 1 :].partition(',')[0].strip()}"
    variable = Variable(new, storage, "%8.0g", label[:80] if cut is None else "")
    return Effects(dataset=dataset.with_variable(variable, from_doubles(groups, storage)))


def run_pctile(command: Command, context: Context) -> Effects:
    """Leave percentiles in r()."""
    from engine.data.missing import is_missing
    from engine.frame.resolve import resolve_names
    from engine.frame.rowweights import row_weights
    from engine.lang.numlist import parse_numlist

    part, dataset = command.main, context.dataset
    names = resolve_names(part.body, dataset, span=part.body_span)
    if len(names) != 1:
        raise StataError(103, "too many variables specified: _pctile takes one", part.body_span)
    if dataset.variable(names[0]).is_string:
        raise StataError(109, f"type mismatch: {names[0]} holds text", part.body_span)
    values = dataset.numeric(names[0])
    mask = context.selected(part) & ~is_missing(values)
    weights = row_weights(part.weight, dataset, mask, context.lookup)
    if not mask.any():
        raise StataError(2000, "no observations")
    use, asked = part.option("nquantiles"), part.option("percentiles")
    if use is not None and asked is not None:
        raise StataError(184, "options nquantiles and percentiles may not be combined", asked.span)
    if asked is not None and asked.argument:
        percents = list(parse_numlist(asked.argument))
        if any(not 0 < percent < 100 for percent in percents):
            raise StataError(198, "percentiles() takes numbers between 0 and 100", asked.argument_span)
    else:
        count = int(use.argument) if use is not None and use.argument else 2
        percents = [100.0 * k / count for k in range(1, count)]
    found = quantiles(values[mask], percents, None if weights is None else weights.values[mask])
    return Effects(r=Stored({f"r{k}": value for k, value in enumerate(found, start=1)}))


COMMANDS: tuple[tuple[CommandDecl, Run], ...] = ((XTILE, run_xtile), (PCTILE, run_pctile))
