"""The models that are timed: data, command, and the same model in the words of the peers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model.

    Attributes
    ----------
    data
        Name of a bundled data set, or a function that simulates one.
    r
        For each R package the expression of its fit and summary, `d` being the data; ``slow`` names the packages whose
        fit takes minutes and runs only on request, once.
    statsmodels
        Formula, groups and random-effects formula; None where there is no practical counterpart.
    """

    name: str
    command: str
    data: str | Callable[[], pd.DataFrame]
    reml: bool = True
    r: Mapping[str, str] = field(default_factory=dict)
    slow: tuple[str, ...] = ()
    statsmodels: tuple[str, str, str] | None = None
    large: bool = False


def million_rows(n: int = 1_000_000, groups: int = 50_000, seed: int = 20261) -> pd.DataFrame:
    """Simulate a random intercept (sd 1) and slope (sd .5), correlation .3, residual sd 1."""
    rng = np.random.default_rng(seed)
    g = np.sort(rng.integers(0, groups, n))
    x = rng.normal(size=n)
    root = np.linalg.cholesky(np.array([[1.0, 0.15], [0.15, 0.25]]))
    u = rng.normal(size=(groups, 2)) @ root.T
    y = 2.0 + 0.5 * x + u[g, 0] + u[g, 1] * x + rng.normal(size=n)
    return pd.DataFrame({"y": y, "x": x, "g": g.astype(np.int32)})


def ten_million_rows() -> pd.DataFrame:
    """Simulate the same with 200,000 groups."""
    return million_rows(10_000_000, 200_000)


def crossed_rows(n: int = 200_000, sizes: tuple[int, int] = (20_000, 500), seed: int = 20262) -> pd.DataFrame:
    """Simulate two crossed factors (sd 1 and .7), residual sd 1."""
    rng = np.random.default_rng(seed)
    a, b = (np.append(np.arange(size), rng.integers(0, size, n - size)) for size in sizes)
    x = rng.normal(size=n)
    y = 1.0 + x + rng.normal(size=sizes[0])[a] + 0.7 * rng.normal(size=sizes[1])[b] + rng.normal(size=n)
    return pd.DataFrame({"y": y, "x": x, "a": a.astype(np.int32), "b": b.astype(np.int32)})


def panel(groups: int = 20_000, times: int = 10, seed: int = 20263) -> pd.DataFrame:
    """Simulate a random intercept (sd 1) and AR(1) errors (rho .6, sd 1) of a balanced panel."""
    rng = np.random.default_rng(seed)
    e = rng.normal(size=(groups, times))
    for t in range(1, times):
        e[:, t] = 0.6 * e[:, t - 1] + 0.8 * e[:, t]
    x = rng.normal(size=(groups, times))
    y = 1.0 + 0.5 * x + rng.normal(size=(groups, 1)) + e
    g, t = np.repeat(np.arange(groups), times), np.tile(np.arange(times), groups)
    return pd.DataFrame({"y": y.reshape(-1), "x": x.reshape(-1), "g": g.astype(np.int32), "t": t.astype(np.int16)})


def small_panel() -> pd.DataFrame:
    """Simulate 2,000 groups of 5."""
    return panel(2_000, 5)


_HSB_FIXED = "mathach ~ ses*meanses + ses*sector + female*meanses + female*sector"
_HSB_COMMAND = (
    "mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses i.female##i.sector "
    "|| id: female, cov(unstructured)"
)
_OPTIM = "control = lmeControl(opt = 'optim', maxIter = 200, msMaxIter = 400)"
_GLS = "control = glsControl(opt = 'optim', maxIter = 200, msMaxIter = 400)"
HSB = Model(
    name="hsb, 7,185 rows, 160 schools, random slope, ML",
    command=_HSB_COMMAND,
    data="hsb",
    reml=False,
    r={
        "lme4": f"lmer({_HSB_FIXED} + (female|id), d, REML = FALSE)",
        "nlme": f"lme({_HSB_FIXED}, d, random = ~ female | id, method = 'ML', {_OPTIM})",
        "glmmTMB": f"glmmTMB({_HSB_FIXED} + (female|id), d)",
    },
    statsmodels=(_HSB_FIXED, "id", "~female"),
)
HSB_KR = Model(
    name="hsb, Kenward-Roger degrees of freedom, REML",
    command=f"{_HSB_COMMAND} reml dfmethod(kroger)",
    data="hsb",
    r={
        "pbkrtest": "{m <- lmerTest::lmer(" + _HSB_FIXED + " + (female|id), d); "
        "s <- summary(m, ddf = 'Kenward-Roger'); m}"
    },
)
TUTORING = Model(
    name="tutoring, 80,000 rows, four nested levels, REML",
    command="mixed perform tutoring || dist_id: || school_id: || teach_id: || student_id:, reml",
    data="tutoring",
    r={
        "lme4": "lmer(perform ~ tutoring + (1|dist_id) + (1|school_id) + (1|teach_id) + (1|student_id), d)",
        "nlme": "lme(perform ~ tutoring, d, random = ~ 1 | dist_id/school_id/teach_id/student_id)",
        "glmmTMB": "glmmTMB(perform ~ tutoring + (1|dist_id) + (1|school_id) + (1|teach_id) + (1|student_id), d, "
        "REML = TRUE)",
    },
    slow=("nlme", "glmmTMB"),
)
MILLION = Model(
    name="1,000,000 rows, 50,000 groups, random slope, REML",
    command="mixed y x || g: x, cov(unstructured) reml",
    data=million_rows,
    r={"lme4": "lmer(y ~ x + (x|g), d)"},
    slow=("lme4",),
    statsmodels=("y ~ x", "g", "~x"),
    large=True,
)
TEN_MILLION = Model(
    name="10,000,000 rows, 200,000 groups, random slope, REML",
    command="mixed y x || g: x, cov(unstructured) reml",
    data=ten_million_rows,
    large=True,
)
PENICILLIN = Model(
    name="penicillin, 144 rows, 24 x 6 crossed, REML",
    command="mixed diameter || _all: R.plate || _all: R.sample, reml",
    data="penicillin",
    r={
        "lme4": "lmer(diameter ~ 1 + (1|plate) + (1|sample), d)",
        "glmmTMB": "glmmTMB(diameter ~ 1 + (1|plate) + (1|sample), d, REML = TRUE)",
    },
)
INSTEVAL = Model(
    name="insteval, 73,421 rows, 2,972 x 1,128 x 28 crossed, REML",
    command="mixed y i.service || _all: R.s || _all: R.d || deptserv:, reml",
    data="insteval",
    r={"lme4": "lmer(y ~ factor(service) + (1|s) + (1|d) + (1|deptserv), d)"},
)
CROSSED = Model(
    name="200,000 rows, 20,000 x 500 crossed, REML",
    command="mixed y x || _all: R.b || a:, reml",
    data=crossed_rows,
    r={"lme4": "lmer(y ~ x + (1|a) + (1|b), d)"},
)
AR1 = Model(
    name="200,000 rows, 20,000 groups, intercept and AR(1), ML",
    command="mixed y x || g:, residuals(ar 1, t(t))",
    data=panel,
    reml=False,
    r={
        "nlme": "lme(y ~ x, d, random = ~ 1 | g, correlation = corAR1(form = ~ t | g), method = 'ML')",
        "glmmTMB": "glmmTMB(y ~ x + (1|g) + ar1(0 + factor(t)|g), d)",
    },
    slow=("nlme", "glmmTMB"),
)
UNSTRUCTURED = Model(
    name="200,000 rows, residuals(unstructured) of 10 times, ML",
    command="mixed y x || g:, noconstant residuals(unstructured, t(t))",
    data=panel,
    reml=False,
    r={"glmmTMB": "glmmTMB(y ~ x + us(0 + factor(t)|g), d, dispformula = ~ 0)"},
    slow=("glmmTMB",),
)
UNSTRUCTURED_SMALL = Model(
    name="10,000 rows, residuals(unstructured) of 5 times, ML",
    command="mixed y x || g:, noconstant residuals(unstructured, t(t))",
    data=small_panel,
    reml=False,
    r={
        "nlme": "gls(y ~ x, d, correlation = corSymm(form = ~ t + 1 | g), weights = varIdent(form = ~ 1 | t), "
        f"method = 'ML', {_GLS})",
        "glmmTMB": "glmmTMB(y ~ x + us(0 + factor(t)|g), d, dispformula = ~ 0)",
    },
    slow=("nlme",),
)
OVARY = Model(
    name="ovary, 308 rows, intercept and AR(2), ML",
    command="mixed follicles sin1 cos1 || mare:, residuals(ar 2, t(time))",
    data="ovary",
    reml=False,
    r={
        "nlme": "lme(follicles ~ sin1 + cos1, d, random = ~ 1 | mare, method = 'ML', "
        "correlation = corARMA(form = ~ time | mare, p = 2))"
    },
)
MODELS = (
    HSB,
    HSB_KR,
    TUTORING,
    PENICILLIN,
    INSTEVAL,
    CROSSED,
    OVARY,
    UNSTRUCTURED_SMALL,
    AR1,
    UNSTRUCTURED,
    MILLION,
    TEN_MILLION,
)
