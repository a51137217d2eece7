"""What the figures with a label mean: those of headers, of test lines and below tables."""

from __future__ import annotations

from engine.tables.meaning import Meaning

FIGURES = (
    Meaning(
        label=r"Number of obs|Observations",
        title="Number of observations",
        what="The observations of the estimation sample: those that meet the conditions and have no missing value.",
        reading="{value} observations were used.",
    ),
    Meaning(
        label=r"Number of groups|Groups",
        title="Number of groups",
        what="How many groups there are in the sample. Variances between groups rest on this number, not on the "
        "number of observations.",
        reading="There are {value} groups.",
    ),
    Meaning(
        label=r"(?:DF: )?(?:min|avg|max)",
        title="Smallest, average, largest",
        what="Over the groups the number of observations; under DF over the coefficients their degrees of freedom.",
        reading="Here {value}.",
    ),
    Meaning(
        label=r"Wald (?:chi2|χ²)\(\d+\)",
        title="Wald test of all predictors",
        what="Tests that all coefficients but the constant are 0.",
        formula="b′ V(b)⁻¹ b, compared with chi-squared",
        reading="If no predictor mattered, the statistic would be about {df_in_label} on average; here it is {value}.",
        read="If no predictor mattered, it would be about as large as its degrees of freedom.",
    ),
    Meaning(
        label=r"LR chi2\(\d+\)|chi2\(\s*\d+\)|LR χ²\(\d+\)",
        title="Chi-squared statistic",
        what="How far the data are from the hypothesis; in a likelihood-ratio test twice the log likelihood that the "
        "larger model gains.",
        reading="If the hypothesis held, it would be about {df_in_label} on average; here it is {value}.",
        read="If the hypothesis held, it would be about as large as its degrees of freedom.",
    ),
    Meaning(
        label=r"LR test vs\. linear (?:model|regression): (?:chi2\(\d+\)|chibar2\(01\))|LR test against a linear model",
        title="Likelihood-ratio test against the linear model",
        what="Twice the log likelihood that the random effects gain over a model without them. A variance cannot "
        "fall below 0, so with more than one variance the p-value is too large: the test is conservative; with one, "
        "chibar2(01) is exact.",
        formula="2 (ll of this model - ll of the linear model)",
        reading="The random effects gain {half} in log likelihood.",
    ),
    Meaning(
        label=r"(?:F test that all u_i=0: )?F\(.*\)|F, .*",
        title="F statistic",
        what="Tests that all coefficients named (in a header: all but the constant) are 0 together.",
        formula="(Rb)′ (R V R′)⁻¹ (Rb) / number of restrictions",
        reading="If the hypothesis held, F would be about 1; here it is {value}.",
        read="If the hypothesis held, F would be about 1.",
    ),
    Meaning(
        label=r"Prob [>]=? (?:chi2|F|chibar2|z|t)|Prob",
        title="p-value",
        what="The probability of a statistic at least as large if the hypothesis of the line held.",
        formula="upper tail of the distribution of the statistic",
        reading="If the hypothesis held, {in_samples} would give a statistic at least as large.",
        read="A large p-value does not show that the hypothesis holds.",
    ),
    Meaning(
        label=r"Log (?:restricted[- ]|pseudo)?likelihood|Log restricted lik\.|Log pseudolik.*|Log lik.*",
        title="Log likelihood",
        what="The logarithm of the density of the data under the model: larger is a better fit, but it has a meaning "
        "only beside that of another model of the same data. Restricted likelihoods compare only models with the "
        "same fixed effects.",
        formula="-½ [n ln 2π + ln|V| + (y - Xβ)′V⁻¹(y - Xβ)]; restricted: less ½ ln|X′V⁻¹X| too",
        reading="At the estimates it is {value}.",
    ),
    Meaning(
        label=r"AIC",
        title="Akaike's information criterion",
        what="Misfit plus a price of 2 for each parameter; smaller is better. Only differences between models of the "
        "same data count.",
        formula="AIC = -2 ll + 2 k",
        reading="Here {value}. A model with an AIC smaller by more than about 10 is clearly better, one within 2 is "
        "about as good.",
    ),
    Meaning(
        label=r"BIC",
        title="Bayesian information criterion",
        what="As AIC, with a price of ln N for each parameter, so that it prefers smaller models; smaller is better.",
        formula="BIC = -2 ll + k ln N",
        reading="Here {value}; only the difference to another model of the same data counts.",
    ),
    Meaning(
        label=r"ICC.*",
        title="Intraclass correlation",
        what="How alike two observations of one group are: the share of the variance, left by the fixed part, that "
        "lies between groups. With random slopes it holds where their predictors are 0.",
        formula="between-group variances / (between-group variances + residual variance)",
        reading="{percent} of the variance lies between the groups; two observations of one group correlate by "
        "{value}.",
    ),
    Meaning(
        label=r"R-squared",
        title="R-squared",
        what="The share of the variance of the outcome that the predictors account for.",
        formula="1 - SS(residual) / SS(total)",
        reading="The predictors account for {percent} of the variance.",
    ),
    Meaning(
        label=r"Adj R-squared",
        title="Adjusted R-squared",
        what="R-squared less what predictors without use would gain by chance.",
        formula="1 - (1 - R²)(n - 1)/(n - k)",
        reading="Adjusted, the predictors account for {percent} of the variance.",
    ),
    Meaning(
        label=r"Root MSE",
        title="Root mean squared error",
        what="How far observations typically lie from the fitted line, in units of the outcome.",
        formula="√(SS(residual) / residual degrees of freedom)",
        reading="About 95 % of the observations lie within {spread} of the line if errors are roughly normal.",
    ),
    Meaning(
        label=r"Within",
        title="R-squared within",
        what="The squared correlation of outcome and prediction after both are taken as deviations from the panel's "
        "mean.",
        reading="{percent} of the variation within panels is accounted for.",
    ),
    Meaning(
        label=r"Between",
        title="R-squared between",
        what="The squared correlation of the panels' means of the outcome with their predictions.",
        reading="{percent} of the variation between panels is accounted for.",
    ),
    Meaning(
        label=r"Overall",
        title="R-squared overall",
        what="The squared correlation of outcome and prediction over all observations.",
        reading="{percent} of all variation is accounted for.",
    ),
    Meaning(
        label=r"/?sigma_u",
        title="Standard deviation between panels",
        what="How much the panels differ in their own constant.",
        formula="√Var(u_i)",
        reading="The panels' constants have a standard deviation of {value}.",
    ),
    Meaning(
        label=r"/?sigma_e",
        title="Standard deviation within panels",
        what="How far observations lie from the line of their panel.",
        formula="√Var(e_it)",
        reading="About 95 % of the observations lie within {spread} of the line of their panel.",
    ),
    Meaning(
        label=r"rho",
        title="Share of variance between panels",
        what="The intraclass correlation: the share of the variance that is due to u_i.",
        formula="sigma_u² / (sigma_u² + sigma_e²)",
        reading="{percent} of the variance lies between panels.",
    ),
    Meaning(
        label=r"corr\(u_i, .*\)",
        title="Correlation of effects and predictors",
        what="Whether panels with high effects have high predictors. Far from 0 it speaks against random effects, "
        "which assume 0.",
        reading="Here {value}.",
    ),
    Meaning(
        label=r"Mean VIF",
        title="Mean variance inflation factor",
        what="The average of the factors above; far above 1 the predictors are related to each other.",
        reading="Here {value}.",
    ),
    Meaning(
        label=r"Replications",
        title="Replications",
        what="How many times the command was repeated; limits of intervals need about 1,000.",
    ),
)
