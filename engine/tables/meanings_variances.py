"""What the numbers of random effects, correlations within groups and groups mean."""

from __future__ import annotations

from engine.tables.meaning import Meaning

_R = ("random",)
_P = ("profile",)
_B = (*_R, *_P)
_EST = ("estimate",)

VARIANCES = (
    Meaning(
        tables=_R,
        columns=_EST,
        row=r"(?:\S+: )?var\((?:Residual|e\d*)\)",
        title="Residual variance",
        what="The variance of the observations around the lines of their groups: what neither the predictors nor the "
        "random effects explain.",
        formula="Var(ε) = σ²",
        reading="Observations scatter around the line of their group with a standard deviation of {sd}: about 95 % "
        "lie within {spread} of it.",
    ),
    Meaning(
        tables=_R,
        columns=_EST,
        row=r"var\(_cons\)",
        title="Variance of the intercepts",
        what="How much the groups differ in height, after the fixed part.",
        formula="Var(u₀) over the groups",
        reading="The intercepts differ between the groups of {group} with a standard deviation of {sd}: about 95 % of "
        "them lie within {spread} of the average.{range}",
    ),
    Meaning(
        tables=_R,
        columns=_EST,
        row=r"var\(R\..*\)",
        title="Variance of crossed effects",
        what="How much the levels of the factor differ, after the fixed part.",
        reading="The effects of {inner} have a standard deviation of {sd}: about 95 % of them lie within {spread} "
        "of 0.",
    ),
    Meaning(
        tables=_R,
        columns=_EST,
        row=r"var\(.*\)",
        title="Variance of a slope",
        what="How much the groups differ in the slope of the predictor.",
        formula="Var(u₁) over the groups",
        reading="The slopes of {inner} differ between the groups of {group} with a standard deviation of {sd}.{range}",
    ),
    Meaning(
        tables=_B,
        columns=_EST,
        row=r"(?:\S+: )?sd\((?:Residual|e\d*)\)",
        title="Residual standard deviation",
        what="How far observations typically lie from the line of their group, in units of the outcome.",
        formula="σ = √Var(ε)",
        reading="About 95 % of the observations lie within {spread} of the line of their group.",
    ),
    Meaning(
        tables=_B,
        columns=_EST,
        row=r"sd\(.*\)",
        title="Standard deviation of a random effect",
        what="How much the groups differ in this effect, in its own units.",
        formula="square root of the variance",
        reading="Between the groups of {group} the effect {inner} varies with a standard deviation of {value}: about "
        "95 % of the groups lie within {spread} of the average.{range}",
    ),
    Meaning(
        tables=_R,
        columns=_EST,
        row=r"cov\(.*\)",
        title="Covariance of random effects",
        what="Whether groups that are high in one effect tend to be high in the other too; its size depends on the "
        "units, the correlation (stddeviations) does not.",
        formula="Cov(u₀, u₁) = correlation x SD x SD",
        reading="Groups of {group} above the average in one of {inner} tend to be {tendency} it in the other.",
    ),
    Meaning(
        tables=_B,
        columns=_EST,
        row=r"corr\(.*\)",
        title="Correlation of random effects",
        what="Whether groups that are high in one effect tend to be high in the other too, from -1 to 1.",
        formula="covariance / (SD x SD)",
        reading="Groups of {group} above the average in one of {inner} tend to be {tendency} it in the other "
        "(correlation {value}).",
    ),
    Meaning(
        tables=_R,
        columns=_EST,
        row=r"(?:\S+: )?(?:rho|phi\d*|theta\d*|corr.*)",
        title="Correlation of residuals",
        what="How residuals of one group that are near in time, or in one block, resemble each other.",
        formula="ar: corr(ε_t, ε_s) = ρ^|t-s|; phi are autoregressive, theta moving-average coefficients",
        reading="The parameter is estimated as {value}; at 0 the residuals would be independent.",
    ),
    Meaning(
        tables=_R,
        columns=_EST,
        title="Parameter of the covariance structure",
        what="A parameter of how random effects or residuals vary together.",
        reading="It is estimated as {value}.",
    ),
    Meaning(
        tables=_R,
        columns=("sd",),
        title="Standard deviation",
        what="The square root of the variance, in the units of the effect itself.",
        formula="√{estimate}",
        reading="About 95 % of the groups (for the residual: of the observations) lie within {spread} of the average.",
    ),
    Meaning(
        tables=_R,
        columns=("se",),
        title="Standard error of a variance parameter",
        what="How much the estimate would vary from sample to sample. A variance cannot fall below 0, so the estimate "
        "divided by this is no test: compare the fits with lrtest.",
        formula="delta method from the logarithm of the standard deviation",
        reading="Estimates of {name} from further samples would typically miss the true value by about {se}.",
    ),
    Meaning(
        tables=_B,
        columns=("ll", "ul", "interval", "drawn"),
        title="Confidence interval of a variance parameter",
        what="The range of values that the data do not speak against. It is computed on the logarithmic scale, so it "
        "stays above 0 and is longer to the right.",
        formula="exp(ln(estimate) ± critical value x standard error of the logarithm)",
        reading="From {low} to {high}; in {level} % of repeated studies such an interval holds the true value.",
        read="Very wide limits mean that the data say little about this parameter.",
    ),
    Meaning(
        tables=_P,
        columns=("wald_ll", "wald_ul"),
        title="Wald limits",
        what="The interval from the standard error alone; far from the profile limits it should not be trusted.",
        formula="estimate ± critical value x standard error",
        reading="From {wald_low} to {wald_high} by the standard error; the profile gives {low} to {high}.",
    ),
    Meaning(
        tables=_P,
        columns=_EST,
        title="Estimate",
        what="The value at the maximum of the likelihood.",
        reading="The likelihood is highest at {value}.",
    ),
    Meaning(
        tables=("icc",),
        columns=("icc",),
        title="Intraclass correlation",
        what="How alike two observations of one group are: the share of the variance, left by the fixed part, that "
        "lies between groups. With random slopes it holds where their predictors are 0.",
        formula="between-group variances up to this level / (all random-intercept variances + residual variance)",
        reading="{percent} of the variance lies between the groups of {name}; two observations of one group correlate "
        "by {value}.",
    ),
    Meaning(
        tables=("icc",),
        columns=("se",),
        title="Standard error of the ICC",
        what="How much the intraclass correlation would vary from sample to sample.",
        formula="delta method",
        reading="Further samples would typically miss the true correlation by about {se}.",
    ),
    Meaning(
        tables=("icc",),
        columns=("ll", "ul", "interval", "drawn"),
        title="Confidence interval of the ICC",
        what="The range of correlations that the data do not speak against, computed on the logit scale so that it "
        "stays between 0 and 1.",
        reading="From {low} to {high}; in {level} % of repeated studies such an interval holds the true value.",
    ),
    Meaning(
        tables=("groups",),
        columns=("groups",),
        title="Number of groups",
        what="How many groups of this level there are in the sample. Variances between groups rest on this number, "
        "not on the number of observations.",
        reading="There are {value} groups of {name}.",
        read="With fewer than about 10 groups a variance between them is hard to estimate.",
    ),
    Meaning(
        tables=("groups",),
        columns=("min", "avg", "max"),
        title="Observations per group",
        what="How many observations the smallest, the average and the largest group have.",
        reading="Groups of {name} have from {min} to {max} observations, {avg} on average.",
    ),
    Meaning(
        tables=("recovariance",),
        columns=("*",),
        title="Covariance of random effects",
        what="On the diagonal the variance of an effect over the groups, beside it the covariance of two effects.",
        formula="the matrix G of the random effects",
        reading="{name} and {column}: {value}.",
    ),
)
