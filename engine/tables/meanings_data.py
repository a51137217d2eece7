"""What the numbers of tables that describe data mean."""

from __future__ import annotations

from engine.tables.meaning import Meaning

_SUMMARY = ("summarize", "xtsum", "center")

DATA = (
    Meaning(
        tables=(*_SUMMARY, "sktest"),
        columns=("N",),
        title="Observations",
        what="How many observations have a value.",
        reading="{name} has {value} values.",
    ),
    Meaning(
        tables=_SUMMARY,
        columns=("mean",),
        title="Mean",
        what="The sum of the values divided by their number.",
        formula="x̄ = Σx / N",
        reading="The values of {name} are {value} on average.",
    ),
    Meaning(
        tables=_SUMMARY,
        columns=("sd", "std. dev."),
        title="Standard deviation",
        what="How far values typically lie from their mean.",
        formula="√(Σ(x - x̄)² / (N - 1))",
        reading="Values of {name} typically lie about {value} from their mean; if they are roughly normal, 95 % lie "
        "within {spread}.",
    ),
    Meaning(
        tables=("summarize", "xtsum"),
        columns=("min", "max"),
        title="Smallest and largest value",
        what="The ends of the data.",
        reading="{name} reaches from {min} to {max}.",
    ),
    Meaning(
        tables=("center",),
        columns=("sd_between",),
        title="SD between groups",
        what="How much the means of the groups differ.",
        reading="The group means of {name} have a standard deviation of {value}.",
    ),
    Meaning(
        tables=("center",),
        columns=("sd_within",),
        title="SD within groups",
        what="How far values lie from the mean of their own group.",
        reading="Within a group {name} has a standard deviation of {value}.",
    ),
    Meaning(
        tables=("detail",),
        columns=("*",),
        row=r"p\d+",
        title="Percentile",
        what="The value that the share of the observations named by the row does not exceed.",
        reading="{share} % of the values are {value} or less.",
    ),
    Meaning(
        tables=("detail",),
        columns=("*",),
        row=r"skewness",
        title="Skewness",
        what="0 for symmetric values, above 0 with a long tail to the right, below 0 with one to the left.",
        formula="m₃ / m₂^1.5",
    ),
    Meaning(
        tables=("detail",),
        columns=("*",),
        row=r"kurtosis",
        title="Kurtosis",
        what="3 for normal values; above 3 the tails are heavier.",
        formula="m₄ / m₂²",
    ),
    Meaning(
        tables=("detail",),
        columns=("*",),
        title="Statistic",
        what="The statistic that the row names.",
        reading="{name}: {value}.",
    ),
    Meaning(
        tables=("tabulate", "xtdescribe"),
        columns=("freq", "Total"),
        title="Frequency",
        what="How many observations fall into the row.",
        reading="{value} observations.",
    ),
    Meaning(
        tables=("tabulate", "xtdescribe"),
        columns=("percent",),
        title="Percent",
        what="The share of the observations that fall into the row.",
        formula="100 x frequency / total",
        reading="{value} % of the observations are {name}.",
    ),
    Meaning(
        tables=("tabulate", "xtdescribe"),
        columns=("cum",),
        title="Cumulative percent",
        what="The share of the observations in this row and all above it.",
        reading="{value} % are {name} or come before.",
    ),
    Meaning(
        tables=("correlate",),
        columns=("*",),
        title="Correlation",
        what="How closely two variables follow a straight line, from -1 to 1. With grouped data it mixes what holds "
        "within groups with what holds between them.",
        formula="Σ(x - x̄)(y - ȳ) / √(Σ(x - x̄)² Σ(y - ȳ)²)",
        reading="{name} and {column} correlate by {value}: one accounts for {squared} of the variance of the other.",
    ),
    Meaning(
        tables=("correlations",),
        columns=("*",),
        title="Correlation within a group",
        what="The correlation of two observations of one group that the model implies.",
        formula="(Z G Z′ + R) scaled to 1 on the diagonal",
        reading="Observations {name} and {column} correlate by {value}.",
    ),
    Meaning(
        tables=("sd",),
        columns=("*",),
        title="Standard deviation of an observation",
        what="The standard deviation of an observation of the group that the model implies.",
        formula="√ of the diagonal of Z G Z′ + R",
        reading="Observation {column}: {value}.",
    ),
    Meaning(
        tables=("ladder", "sktest"),
        columns=("chi2",),
        title="Test of normality",
        what="How far skewness and kurtosis are from those of a normal distribution.",
        formula="adjusted sum of the squares of both tests",
        reading="{name}: chi2(2) = {value}.",
    ),
    Meaning(
        tables=("ladder", "sktest"),
        columns=("p", "p_skewness", "p_kurtosis"),
        title="p-value of normality",
        what="The probability of values at least as far from normal if the distribution were normal. In large "
        "samples small departures are significant: look at a plot too.",
        reading="If {name} were normal, {in_samples} would look at least as far from it.",
    ),
    Meaning(
        tables=("vce",),
        columns=("*",),
        title="Covariance of estimates",
        what="On the diagonal the squared standard errors, beside it how the errors of two estimates go together.",
        reading="{name} and {column}: {value}.",
    ),
    Meaning(
        tables=("table",),
        columns=("*",),
        title="Statistic of a cell",
        what="The statistic of the column over the observations of the row.",
        reading="{column} for {name}: {value}.",
    ),
    Meaning(
        tables=("misstable", "inspect", "duplicates", "codebook", "merge"),
        columns=("*",),
        title="Count",
        what="How many observations are of the kind that the heading names.",
        reading="{name}, {column}: {value}.",
    ),
)
