"""The models that are timed: data, command, and the same model in the words of the peers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model; `lme4` and `statsmodels` are formulas, empty where the peer has no practical counterpart."""

    name: str
    command: str
    lme4: str
    reml: bool
    statsmodels: tuple[str, str, str] | None = None
    large: bool = False


HSB = Model(
    name="hsb, 7,185 rows, 160 schools, random slope, ML",
    command="mixed mathach c.ses##c.meanses c.ses##i.sector i.female##c.meanses i.female##i.sector "
    "|| id: female, cov(unstructured)",
    lme4="mathach ~ ses*meanses + ses*sector + female*meanses + female*sector + (female|id)",
    reml=False,
    statsmodels=("mathach ~ ses*meanses + ses*sector + female*meanses + female*sector", "id", "~female"),
)
TUTORING = Model(
    name="tutoring, 80,000 rows, four nested levels, REML",
    command="mixed perform tutoring || dist_id: || school_id: || teach_id: || student_id:, reml",
    lme4="perform ~ tutoring + (1|dist_id) + (1|school_id) + (1|teach_id) + (1|student_id)",
    reml=True,
)
MILLION = Model(
    name="1,000,000 rows, 50,000 groups, random slope, REML",
    command="mixed y x || g: x, cov(unstructured) reml",
    lme4="y ~ x + (x|g)",
    reml=True,
    statsmodels=("y ~ x", "g", "~x"),
    large=True,
)
PENICILLIN = Model(
    name="penicillin, 144 rows, 24 x 6 crossed, REML",
    command="mixed diameter || _all: R.plate || _all: R.sample, reml",
    lme4="diameter ~ 1 + (1|plate) + (1|sample)",
    reml=True,
)
INSTEVAL = Model(
    name="insteval, 73,421 rows, 2,972 x 1,128 x 28 crossed, REML",
    command="mixed y i.service || _all: R.s || _all: R.d || deptserv:, reml",
    lme4="y ~ factor(service) + (1|s) + (1|d) + (1|deptserv)",
    reml=True,
)
CROSSED = Model(
    name="200,000 rows, 20,000 x 500 crossed, REML",
    command="mixed y x || _all: R.b || a:, reml",
    lme4="y ~ x + (1|a) + (1|b)",
    reml=True,
)
MODELS = (HSB, TUTORING, PENICILLIN, INSTEVAL, CROSSED, MILLION)


def million_rows(n: int = 1_000_000, groups: int = 50_000, seed: int = 20261) -> pd.DataFrame:
    """Simulate a random intercept (sd 1) and slope (sd .5), correlation .3, residual sd 1."""
    rng = np.random.default_rng(seed)
    g = np.sort(rng.integers(0, groups, n))
    x = rng.normal(size=n)
    root = np.linalg.cholesky(np.array([[1.0, 0.15], [0.15, 0.25]]))
    u = rng.normal(size=(groups, 2)) @ root.T
    y = 2.0 + 0.5 * x + u[g, 0] + u[g, 1] * x + rng.normal(size=n)
    return pd.DataFrame({"y": y, "x": x, "g": g.astype(np.int32)})


def crossed_rows(n: int = 200_000, sizes: tuple[int, int] = (20_000, 500), seed: int = 20262) -> pd.DataFrame:
    """Simulate two crossed factors (sd 1 and .7), residual sd 1."""
    rng = np.random.default_rng(seed)
    a, b = (np.append(np.arange(size), rng.integers(0, size, n - size)) for size in sizes)
    x = rng.normal(size=n)
    y = 1.0 + x + rng.normal(size=sizes[0])[a] + 0.7 * rng.normal(size=sizes[1])[b] + rng.normal(size=n)
    return pd.DataFrame({"y": y, "x": x, "a": a.astype(np.int32), "b": b.astype(np.int32)})
