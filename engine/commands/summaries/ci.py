"""``ci``: confidence intervals for means, proportions and standard deviations ([R] ci)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from engine.commands.base import Context, Effects
from engine.commands.subcommand import LEVEL, level_of, only_options
from engine.errors import StataError
from engine.lang.abbrev import matches
from engine.lang.command import Command, Part
from engine.lang.declaration import ByRule, CommandDecl, OptionDecl, Picks, VarlistRule
from engine.results.stored import DataRow, DataTable, Stored

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

DECLARATION = CommandDecl(
    name="ci",
    minimum=2,
    title="Confidence intervals",
    help="ci means, ci proportions and ci variances show an estimate for each variable with its confidence interval.",
    menu=("Statistics", "Summaries, tables, and tests", "Summary and descriptive statistics", "Confidence intervals"),
    varlist=VarlistRule.TEXT,
    picks=Picks.VARIABLES,
    text_label="means, proportions or variances, and variables",
    by=ByRule.EACH,
    allow_if=True,
    allow_in=True,
    weights=("fweight",),
    options=(
        LEVEL,
        OptionDecl(name="sd", minimum=2, label="Standard deviations", page="model",
                   help="With variances: show standard deviations."),
        OptionDecl(name="exact", minimum=2, label="Exact", page="model", help="With proportions: the default."),
        OptionDecl(name="wald", minimum=4, label="Wald", page="model", help="With proportions: normal limits."),
        OptionDecl(name="wilson", minimum=3, label="Wilson", page="model", help="With proportions: score limits."),
    ),
    examples=("ci means mathach ses", "ci proportions female"),
    results=(
        ("r(N), r(mean), r(proportion), r(Var)", "number of observations and estimate of the last variable"),
        ("r(se), r(lb), r(ub), r(level)", "standard error, limits and confidence level"),
    ),
)  # fmt: skip

_KINDS = (("means", 4), ("proportions", 4), ("variances", 3))
_OPTIONS = {"means": (), "proportions": ("exact", "wald", "wilson"), "variances": ("sd",)}
"""What each kind takes beside ``level()``."""


def run(command: Command, context: Context) -> Effects:
    """Show the table."""
    import numpy as np

    from engine.data.missing import is_missing
    from engine.frame.resolve import resolve_names
    from engine.frame.rowweights import row_weights
    from engine.tables.document import Lines, Table, TextLayout

    part, dataset = command.main, context.dataset
    word, _, rest = part.body.partition(" ")
    kind = next((name for name, least in _KINDS if word and matches(word, name, least)), "")
    if not kind:
        raise StataError(198, "ci is followed by means, proportions or variances, and variables", part.body_span)
    only_options(part, ("level", *_OPTIONS[kind]), f"ci {kind}")
    if len(chosen := [name for name in _OPTIONS["proportions"] if part.has(name)]) > 1:
        raise StataError(198, f"options {' and '.join(chosen)} may not be combined", part.body_span)
    start = part.body_span[0] + len(word) + 1
    names = resolve_names(rest.strip(), dataset, span=(start, part.body_span[1])) if rest.strip() else dataset.names
    names = tuple(name for name in names if not dataset.variable(name).is_string or rest.strip())
    for name in names:
        if dataset.variable(name).is_string:
            raise StataError(109, f"type mismatch: {name} holds text", part.body_span)
    level = level_of(part, context)
    mask = context.selected(part)
    weights = row_weights(part.weight, dataset, mask, context.lookup)
    rows, lines = [], _head(kind, part, level)
    scalars: dict[str, float] = {}
    for name in names:
        there = mask & ~is_missing(dataset.numeric(name))
        counted = np.ones(int(there.sum())) if weights is None else weights.values[there]
        values = _estimate(kind, part, dataset.numeric(name)[there], counted, level)
        if values is None:
            continue
        rows.append(DataRow("", name, values))
        lines.append(_line(name, values, part, kind))
        own = {"means": "mean", "proportions": "proportion", "variances": "Var"}[kind]
        own = "sd" if kind == "variances" and part.has("sd") else own
        scalars = dict(zip(("N", own, "se", "lb", "ub"), values, strict=True)) | {"level": level}
        if kind == "variances":
            scalars.pop("se")
    data = DataTable("ci", ("N", "estimate", "se", "ll", "ul"), tuple(rows))
    layout = TextLayout(width=77, stub=12, drawn=tuple(lines))
    context.emit(Lines(("",)), Table("ci", "", (), (), layout, data=data))
    return Effects(tables=(data,), r=Stored(scalars, {"citype": _type(kind, part)}))


def _type(kind: str, part: Part) -> str:
    if kind != "proportions":
        return "normal"
    return "wald" if part.has("wald") else "wilson" if part.has("wilson") else "exact"


def _head(kind: str, part: Part, level: float) -> list[str]:
    from engine.data.formats import format_value

    estimate = {"means": "Mean", "proportions": "Proportion", "variances": "Variance"}[kind]
    estimate = "Std. dev." if kind == "variances" and part.has("sd") else estimate
    limits = f"[{format_value(level, '%9.0g').strip()}% conf. interval]"
    error = "" if kind == "variances" else "Std. err."
    words = {"exact": "Binomial exact", "wald": "Binomial Wald", "wilson": "Wilson"}
    above = [f"{'':>56}{'-- ' + words[_type(kind, part)] + ' --':^20}".rstrip()] if kind == "proportions" else []
    head = f"{'Variable':>12} |{'Obs':>11}{estimate:>12}{error:>13}{limits:>27}"
    return [*above, head, "-" * 13 + "+" + "-" * 63]


def _line(name: str, values: tuple[float, ...], part: Part, kind: str) -> str:
    from engine.data.formats import format_value
    from engine.data.missing import MISSING

    n, *others = values
    texts = [format_value(value if math.isfinite(value) else MISSING, "%9.0g").strip() for value in others]
    if kind == "variances":
        texts[1] = ""
    label = name if len(name) <= 12 else f"{name[:10]}~{name[-1]}"
    return f"{label:>12} |{n:>11,.0f}{texts[0]:>12}{texts[1]:>12}{texts[2]:>15}{texts[3]:>12}"


def _estimate(
    kind: str, part: Part, values: npt.NDArray[np.float64], w: npt.NDArray[np.float64], level: float
) -> tuple[float, ...] | None:
    """Return N, estimate, standard error and limits; None for a proportion of what is not 0 and 1."""
    import numpy as np

    n = float(w.sum())
    if not n:
        return (0.0, *[math.nan] * 4)
    mean = float(w @ values) / n
    alpha = 1.0 - level / 100.0
    if kind == "proportions":
        if not np.isin(values, (0.0, 1.0)).all():
            return None
        return _proportion(part, n, mean, alpha)
    variance = float(w @ (values - mean) ** 2) / (n - 1.0) if n > 1 else math.nan
    if kind == "means":
        from scipy.special import stdtrit

        se = math.sqrt(variance / n) if n > 1 else math.nan
        half = float(stdtrit(n - 1.0, 1.0 - alpha / 2.0)) * se if n > 1 else math.nan
        return n, mean, se, mean - half, mean + half
    from scipy.special import chdtri

    low, high = ((n - 1.0) * variance / float(chdtri(n - 1.0, p)) for p in (alpha / 2.0, 1.0 - alpha / 2.0))
    found = (variance, math.nan, low, high)
    return (n, *(math.sqrt(x) for x in found)) if part.has("sd") else (n, *found)


def _proportion(part: Part, n: float, p: float, alpha: float) -> tuple[float, ...]:
    from scipy.special import betaincinv, ndtri

    se = math.sqrt(p * (1.0 - p) / n)
    z = float(ndtri(1.0 - alpha / 2.0))
    if part.has("wald"):
        return n, p, se, p - z * se, p + z * se
    if part.has("wilson"):
        centre, scale = (p + z * z / (2 * n)), 1.0 + z * z / n
        half = z * math.sqrt(p * (1.0 - p) / n + z * z / (4 * n * n))
        return n, p, se, (centre - half) / scale, (centre + half) / scale
    k = round(n * p)
    low = float(betaincinv(k, n - k + 1.0, alpha / 2.0)) if k > 0 else 0.0
    high = float(betaincinv(k + 1.0, n - k, 1.0 - alpha / 2.0)) if k < n else 1.0
    return n, p, se, low, high
