"""Correct digits on NIST's SmLs sets, printed beside those of statsmodels and lme4 where these are installed.

``python3 -m pytest tests/benchmarks/test_accuracy.py --slow -s`` prints the table.
"""

from __future__ import annotations

import shutil
import subprocess
import warnings

import numpy as np
import pytest
from frames import make_frame
from nist import SETS, certified, digits, smls

from engine.fit.estimate import estimate
from engine.spec.mixed import CovarianceKind, Method

LME4 = """
suppressMessages(library(lme4)); d <- read.csv("{csv}")
m <- lmer(y ~ 1 + (1 | treatment), d, REML = TRUE)
v <- as.data.frame(VarCorr(m))$vcov; cat(sprintf("%.17g %.17g\\n", v[1], v[2]))
"""


def ours(data):
    frame = make_frame(data, "y", ["_cons"], [("treatment", CovarianceKind.IDENTITY, ["_cons"])], Method.REML)
    between, within = estimate(frame).parameters
    return between.estimate, within.estimate


def statsmodels(data):
    mixed = pytest.importorskip("statsmodels.regression.mixed_linear_model")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = mixed.MixedLM(data["y"], np.ones((len(data["y"]), 1)), groups=data["treatment"]).fit(reml=True)
    return float(np.asarray(fit.cov_re).ravel()[0]), float(fit.scale)


def lme4(data, folder):
    if shutil.which("Rscript") is None:
        return None
    csv = folder / "data.csv"
    rows = (f"{int(t)},{y!r}" for t, y in zip(data["treatment"], data["y"].tolist(), strict=True))
    csv.write_text("\n".join(["treatment,y", *rows]) + "\n", encoding="utf-8")
    done = subprocess.run(["Rscript", "-e", LME4.format(csv=csv)], capture_output=True, text=True, check=False)
    return tuple(float(word) for word in done.stdout.split()[-2:]) if done.returncode == 0 else None


@pytest.mark.slow
def test_digits_are_printed_beside_those_of_peers(capsys, tmp_path):
    lines = ["| set | mixedgui | statsmodels | lme4 |", "|---|---|---|---|"]
    for name in SETS:
        data, exact = smls(name), certified(name)
        cells = []
        for found in (ours(data), statsmodels(data), lme4(data, tmp_path)):
            if found is None:
                cells.append("–")
                continue
            between, within = (max(digits(v, e), 0.0) for v, e in zip(found, exact, strict=True))
            cells.append(f"{between:.1f} / {within:.1f}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    assert len(lines) == len(SETS) + 2
