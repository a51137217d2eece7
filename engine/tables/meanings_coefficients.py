"""What the numbers of coefficient tables mean: coefficients, combinations, margins, contrasts."""

from __future__ import annotations

from engine.tables.meaning import Meaning

_FIXED = ("fixed",)
_COMBINED = ("lincom", "nlcom")
_MARGINS = ("margins",)
_COMPARED = ("effects", "pwcompare", "slopes")
_ALL = (*_FIXED, *_COMBINED, *_MARGINS, *_COMPARED, "estmetric", "pboot", "bootstrap", "groups")

LEVEL = r"-?\d+(?:bn|b|o)?\.[\w.]+"
"""A level of a factor variable: ``2.week``."""

_GLS = "β = (X′V⁻¹X)⁻¹ X′V⁻¹y, with V the covariance matrix of the outcomes that the random effects imply"
_OLS = "b = (X′X)⁻¹ X′y"

_COEFFICIENTS = (
    Meaning(
        tables=_FIXED,
        columns=("estimate",),
        row="_cons",
        title="Constant",
        what="The expected outcome where every predictor is 0 and every factor is at its base level.",
        reading="Where all predictors are 0, {outcome} is expected to be {estimate}. "
        "If 0 is far outside the data, this number only fixes the height of the line.",
        read="If 0 is far outside the data, the constant only fixes the height of the line.",
    ),
    Meaning(
        tables=_FIXED,
        columns=("estimate",),
        row=r"c\.(\w+)(?:#c\.\1)+",
        title="Coefficient of a power",
        what="How the slope of a predictor itself changes as the predictor grows: the line bends.",
        formula="contribution to the outcome = coefficient x predictor²",
        reading="The curve of {outcome} over {first} bends {bend}: {estimate} for each squared unit, so that the "
        "slope changes by {double} from one unit of {first} to the next.",
    ),
    Meaning(
        tables=_FIXED,
        columns=("estimate",),
        row=rf"(?:{LEVEL}#)+{LEVEL}",
        title="Interaction of factor levels",
        what="How far the cell lies from what the separate effects of its levels add up to.",
        reading="Where {joined} hold together, {outcome} is {size} {more} than the effects of each alone add up to.",
    ),
    Meaning(
        tables=_FIXED,
        columns=("estimate",),
        row=rf"{LEVEL}#c\.\w+|c\.\w+#{LEVEL}",
        title="Difference between slopes",
        what="How much steeper the line of a predictor is at a level of a factor than at the base level.",
        reading="The slope of {slope} is {size} {more} where {joined} than at the base level: each unit of {slope} "
        "moves {outcome} by so much more or less there.",
    ),
    Meaning(
        tables=_FIXED,
        columns=("estimate",),
        row=r".*#.*",
        title="Interaction",
        what="How the effect of one term changes with another one.",
        reading="With one more unit of either, the slope of the other on {outcome} is {size} {more}.",
    ),
    Meaning(
        tables=_FIXED,
        columns=("estimate",),
        row=LEVEL,
        title="Coefficient of a level",
        what="The difference in the expected outcome between this level and the base level of the factor, "
        "everything else equal.",
        reading="Where {variable} is {level_of}, {outcome} is on average {size} {more} than where it is {base}, "
        "{held}.",
    ),
    Meaning(
        tables=_FIXED,
        columns=("estimate",),
        title="Coefficient",
        what="How much the expected outcome changes with one more unit of the predictor, everything else equal.",
        formula=_GLS,
        reading="With one more unit of {name}, {outcome} is on average {size} {more}, {held}.",
        commands=("mixed",),
    ),
    Meaning(
        tables=_FIXED,
        columns=("estimate",),
        title="Coefficient",
        what="How much the expected outcome changes with one more unit of the predictor, everything else equal.",
        formula=_OLS + " (after weighting, or after taking off panel means, where the command does so)",
        reading="With one more unit of {name}, {outcome} is on average {size} {more}, {held}.",
    ),
    Meaning(
        tables=_COMBINED,
        columns=("estimate",),
        title="Combination of coefficients",
        what="The value of the combination that is written above the table.",
        formula="the expression at the estimates; for a linear one a′b",
        reading="The combination is estimated as {estimate}.",
    ),
    Meaning(
        tables=_MARGINS,
        columns=("estimate",),
        title="Margin",
        what="The model's prediction, averaged over the observations after the variables named were set to the "
        "values of this row; or, under dy/dx, the average change of the prediction per unit.",
        formula="the mean over the observations of x′b with the chosen values put in",
        reading="With the values of this row, {outcome} is expected to be {estimate} on average (under dy/dx: to "
        "change by so much per unit).",
    ),
    Meaning(
        tables=("groups",),
        columns=("estimate",),
        title="Margin of a level",
        what="The expected outcome at the level, everything else averaged; levels that share a letter do not differ "
        "significantly.",
        reading="At {name} {outcome} is expected to be {estimate}.",
    ),
    Meaning(
        tables=("bootstrap", "pboot"),
        columns=("estimate",),
        title="Observed estimate",
        what="The estimate from the data themselves; the replicates only tell how it varies.",
        reading="{name} is estimated as {estimate}.",
    ),
    Meaning(
        tables=_COMPARED,
        columns=("estimate", "contrast"),
        title="Contrast",
        what="The difference that the label of the row names.",
        formula="L b, with L the weights of the comparison",
        reading="For {name} the difference in {outcome} is estimated as {estimate}.",
    ),
    Meaning(
        tables=("estmetric",),
        columns=("estimate",),
        title="Parameter as it is estimated",
        what="The parameter on the scale the search runs on: logarithms of standard deviations (lns…), inverse "
        "hyperbolic tangents of correlations (atr…).",
        formula="SD = exp(lns), correlation = tanh(atr)",
        reading="Here {estimate}; exp gives {exponential}.",
    ),
)

_BESIDE = (
    Meaning(
        tables=_ALL,
        columns=("se",),
        title="Standard error",
        what="How much the estimate would vary from sample to sample.",
        formula="square root of the diagonal of the estimated covariance matrix of the estimates; for the fixed part "
        "of mixed (X′V⁻¹X)⁻¹, under robust a sandwich of it",
        reading="Estimates from further samples like this one would typically miss the true value by about {se}.",
    ),
    Meaning(
        tables=_ALL,
        columns=("statistic",),
        title="z or t",
        what="The distance of the estimate from 0 in standard errors; z is compared with the normal distribution, t "
        "with Student's t.",
        formula="estimate / standard error = {estimate} / {se}",
        reading="The estimate lies {statistic_size} standard errors {side} 0. Beyond about 2, chance alone seldom "
        "leads so far.",
        read="Beyond about 2, chance alone seldom leads so far.",
    ),
    Meaning(
        tables=_ALL,
        columns=("p",),
        title="p-value",
        what="The probability of an estimate at least as far from 0 if the true value were 0. It is not the "
        "probability that the true value is 0, and says nothing about the size of the effect.",
        formula="two-sided tail area beyond |z| or |t|",
        reading="If the true value of {name} were 0, {in_samples} would give an estimate at least as far from 0.",
        read="Small values speak against a true value of 0.",
    ),
    Meaning(
        tables=_ALL,
        columns=("df",),
        title="Degrees of freedom",
        what="How much information the t distribution of this coefficient rests on; the smaller, the wider the "
        "interval.",
        formula="by the method named above the table",
        reading="The test of {name} uses t with {df} degrees of freedom.",
    ),
    Meaning(
        tables=_ALL,
        columns=("ll", "ul", "interval", "drawn"),
        title="Confidence interval",
        what="The range of values that the data do not speak against.",
        formula="estimate ± critical value of z or t x standard error",
        reading="From {low} to {high}. If the study were repeated many times, {level} % of such intervals would hold "
        "the true value. {zero}",
        read="In {level} % of repeated studies such an interval holds the true value.",
    ),
    Meaning(
        tables=_FIXED,
        columns=("standardized", "beta"),
        title="Standardized coefficient",
        what="The coefficient after outcome and predictor are divided by their standard deviations.",
        formula="b x sd(x) / sd(y)",
        reading="With one standard deviation more of {name}, {outcome} changes by {value} of its standard deviations.",
    ),
)

COEFFICIENTS = (*_COEFFICIENTS, *_BESIDE)
