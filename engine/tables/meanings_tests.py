"""What the numbers of tests and of comparisons between models mean."""

from __future__ import annotations

from engine.tables.meaning import Meaning

_WALD = ("test", "contrast", "terms")

TESTS = (
    Meaning(
        tables=(*_WALD, "lrtest", "ranova"),
        columns=("df",),
        title="Degrees of freedom of a test",
        what="How many restrictions are tested at once.",
        reading="The hypothesis sets {value} restriction(s) on the parameters.",
        read="One for each equation that the hypothesis sets.",
    ),
    Meaning(
        tables=_WALD,
        columns=("ddf",),
        title="Denominator degrees of freedom",
        what="How much information the estimate of the noise rests on; the smaller, the larger F has to be.",
        formula="by the method named in the header",
    ),
    Meaning(
        tables=_WALD,
        columns=("chi2", "F", "statistic"),
        title="Wald statistic",
        what="How far the estimates are from the hypothesis, in terms of their standard errors.",
        formula="(Rb - r)′ (R V R′)⁻¹ (Rb - r), compared with chi-squared; F is that divided by the degrees of freedom",
        reading="If the hypothesis held, the statistic would be about {df} on average; here it is {value}.",
        read="If the hypothesis held, chi2 would be about as large as its degrees of freedom, and F about 1.",
    ),
    Meaning(
        tables=_WALD,
        columns=("p",),
        title="p-value of a test",
        what="The probability of a statistic at least as large if the hypothesis held.",
        formula="upper tail of chi-squared, or of F",
        reading="If the hypothesis held, {in_samples} would give a statistic at least as large.",
        read="A large p-value does not show that the hypothesis holds: the data may only be few.",
    ),
    Meaning(
        tables=("lrtest", "ranova"),
        columns=("chi2",),
        title="Likelihood-ratio statistic",
        what="Twice the log likelihood that the larger model gains over the smaller one.",
        formula="2 (ll of the larger model - ll of the smaller one)",
        reading="The larger model gains {half} in log likelihood: chi2 = {value} for {df} parameter(s).",
        read="Compared with chi-squared; each parameter without use gains about 1.",
    ),
    Meaning(
        tables=("lrtest", "ranova"),
        columns=("p",),
        title="p-value of the likelihood-ratio test",
        what="The probability of so large a gain if the smaller model held. Where a variance is tested against 0 it "
        "is too large, because a variance cannot fall below 0: the test is conservative.",
        formula="upper tail of chi-squared with as many degrees of freedom as parameters differ",
        reading="If the smaller model held, {in_samples} would gain at least as much.",
    ),
    Meaning(
        tables=("ranova",),
        columns=("p_boundary",),
        title="Boundary-corrected p-value",
        what="The p-value that heeds that a variance cannot fall below 0.",
        formula="half the tail of chi2(df-1) and half that of chi2(df)",
        reading="If the variance were 0, {in_samples} would gain at least as much.",
    ),
    Meaning(
        tables=("ic", "ranova"),
        columns=("ll", "ll_null"),
        title="Log likelihood",
        what="The logarithm of the density of the data under the model: larger (nearer to +∞) is a better fit. "
        "It has a meaning only beside that of another model of the same data.",
        reading="The log likelihood is {value}.",
    ),
    Meaning(
        tables=("ic",),
        columns=("df",),
        title="Number of parameters",
        what="How many parameters the model estimates, those of the variances included.",
        reading="The model estimates {value} parameters.",
    ),
    Meaning(
        tables=("ic",),
        columns=("aic",),
        title="Akaike's information criterion",
        what="Misfit plus a price of 2 for each parameter; smaller is better. Only differences between models of the "
        "same data count.",
        formula="AIC = -2 ll + 2 k",
        reading="-2 x ({ll}) + 2 x {df} = {value}. A model with an AIC smaller by more than about 10 is clearly "
        "better, one within 2 is about as good.",
        read="A model with an AIC smaller by more than about 10 is clearly better, one within 2 is about as good.",
    ),
    Meaning(
        tables=("ic",),
        columns=("bic", "aicc", "caic"),
        title="Bayesian and other criteria",
        what="As AIC, with a price per parameter that grows with the number of observations; smaller is better.",
        formula="BIC = -2 ll + k ln N",
        reading="-2 x ({ll}) plus the price of {df} parameters gives {value}.",
    ),
    Meaning(
        tables=("ic",),
        columns=("N",),
        title="Number of observations",
        what="How many observations the model was fitted to. Only models fitted to the same ones can be compared.",
    ),
    Meaning(
        tables=("anova",),
        columns=("ss",),
        title="Sum of squares",
        what="How much of the variation around the mean the row accounts for.",
        formula="Σ(ŷ - ȳ)² for the model, Σ(y - ŷ)² for the residuals",
        reading="{name}: {value}.",
    ),
    Meaning(
        tables=("anova",),
        columns=("df",),
        title="Degrees of freedom",
        what="How many independent pieces the sum of squares is made of.",
        reading="{name}: {value}.",
    ),
    Meaning(
        tables=("anova",),
        columns=("ms",),
        title="Mean square",
        what="Sum of squares divided by its degrees of freedom; F is that of the model over that of the residuals.",
        formula="MS = SS / df",
        reading="{ss} / {df} = {value}.",
    ),
    Meaning(
        tables=("vif",),
        columns=("vif",),
        title="Variance inflation factor",
        what="How many times as large the variance of the coefficient is as it would be if the predictor were "
        "unrelated to the others.",
        formula="1 / (1 - R²) of the predictor on the others",
        reading="The standard error of {name} is {root} times as large as without the other predictors.",
        read="Above about 10 the predictors can hardly be told apart.",
    ),
    Meaning(
        tables=("vif",),
        columns=("tolerance",),
        title="Tolerance",
        what="The share of the predictor that the others do not explain.",
        formula="1 - R² = 1 / VIF",
        reading="{percent} of the variance of {name} is its own.",
    ),
    Meaning(
        tables=("terms", "variance"),
        columns=("variance", "share"),
        title="Variance by source",
        what="How much of the variance of the outcome comes from the fixed part, from each random effect and from "
        "the residuals.",
        formula="variance of the linear predictor; mean of z′Gz; σ²",
        reading="{name}: {value}.",
    ),
    Meaning(
        tables=("influence",),
        columns=("n",),
        title="Observations of a group",
        what="How many observations the group has.",
    ),
    Meaning(
        tables=("influence",),
        columns=("cooksd",),
        title="Cook's distance of a group",
        what="How far all fixed effects move when the group is left out.",
        formula="(β̂ - β̂₋ⱼ)′ X′V⁻¹X (β̂ - β̂₋ⱼ) / p",
        reading="Without group {name} the estimates move by {value}.",
        read="Look at groups that stand far above the rest, and at those above about 4 / number of groups.",
    ),
    Meaning(
        tables=("influence",),
        columns=("mdffits",),
        title="MDFFITS",
        what="As Cook's distance, measured with the covariance matrix of the fit without the group.",
    ),
    Meaning(
        tables=("influence",),
        columns=("covratio",),
        title="COVRATIO",
        what="How the precision of the fixed effects changes without the group: above 1 the group adds precision, "
        "below 1 it takes some.",
        formula="det(V without the group) / det(V)",
        reading="For group {name} it is {value}.",
    ),
    Meaning(
        tables=("influence",),
        columns=("change",),
        title="Largest change",
        what="The coefficient that moves most without the group, and by how many of its standard errors.",
        formula="(b - b without the group) / standard error",
    ),
    Meaning(
        tables=("df",),
        columns=("*",),
        title="Degrees of freedom by method",
        what="The degrees of freedom of a coefficient's t test under the method that heads the column.",
        reading="For {name} the method {column} gives {value}.",
    ),
    Meaning(
        tables=("hausman",),
        columns=("difference",),
        title="Difference of estimates",
        what="Coefficient under the consistent model less that under the efficient one.",
    ),
    Meaning(
        tables=("pboot", "bootstrap"),
        columns=("bias",),
        title="Bias",
        what="How far the mean of the replicates lies from the estimate.",
        formula="mean of the replicates - estimate",
        reading="Replicates of {name} lie {value} off the estimate on average.",
    ),
    Meaning(
        tables=("estimates",),
        columns=("*",),
        title="Estimate of a stored model",
        what="The coefficient of the row's term in the model that heads the column, or the statistic named.",
        reading="{name} in {column}: {value}.",
    ),
)
