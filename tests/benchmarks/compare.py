"""Time whole commands (data in memory to printed text) beside statsmodels and lme4, and print ratios.

Each peer gets the same data in its own format, in memory, and is timed from model formula to printed summary; the
median of a few runs counts. One thread for everybody. A peer that is not installed is left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from models import CROSSED, HSB, INSTEVAL, MODELS, PENICILLIN, TUTORING, Model, crossed_rows, million_rows

from engine.api import Session

ROOT = Path(__file__).resolve().parents[2]

LME4 = """
suppressMessages({{library(lme4); library(foreign)}})
d <- read.csv("{csv}")
times <- numeric({runs})
for (i in seq_len({runs})) times[i] <- system.time({{
  m <- lmer({formula}, d, REML = {reml}); out <- capture.output(print(summary(m)))
}})["elapsed"]
cat(sprintf("%.6f %.10f\\n", median(times), as.numeric(logLik(m))))
"""


def median_seconds(action: Callable[[], object], runs: int) -> float:
    """Return the median wall time of `runs` calls after one that does not count."""
    action()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        action()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def ours(model: Model, session: Session) -> tuple[float, float]:
    """Return seconds and log likelihood of the whole command, its text included."""
    seconds = median_seconds(lambda: session.run(model.command).text, 5 if model.large else 15)
    return seconds, session.e.scalars["ll"]


def statsmodels_fit(model: Model, frame: pd.DataFrame) -> tuple[float, float] | None:
    """Return seconds and log likelihood of statsmodels, None where it is not installed or has no such model."""
    if model.statsmodels is None:
        return None
    try:
        import statsmodels.formula.api as smf
    except ImportError:
        return None
    formula, groups, re_formula = model.statsmodels
    fits = []

    def fit() -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fits.append(smf.mixedlm(formula, frame, groups=groups, re_formula=re_formula).fit(reml=model.reml))
            str(fits[-1].summary())

    if model.large:
        started = time.perf_counter()
        fit()
        return time.perf_counter() - started, float(fits[-1].llf)
    return median_seconds(fit, 3), float(fits[-1].llf)


def lme4_fit(model: Model, frame: pd.DataFrame) -> tuple[float, float] | None:
    """Return seconds and log likelihood of lme4, None where Rscript or lme4 is missing."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        csv = Path(folder) / "data.csv"
        frame.to_csv(csv, index=False)
        script = LME4.format(csv=csv, formula=model.lme4, reml=str(model.reml).upper(), runs=1 if model.large else 3)
        done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None
    seconds, ll = done.stdout.split()[-2:]
    return float(seconds), float(ll)


def data_file(name: str) -> Path:
    """Return a bundled data set, or the one in a folder of ``MIXEDGUI_DATA``."""
    folders = [ROOT / "resources" / "datasets", *map(Path, os.environ.get("MIXEDGUI_DATA", "").split(os.pathsep))]
    return next(folder / f"{name}.dta" for folder in folders if (folder / f"{name}.dta").is_file())


def load(model: Model) -> tuple[Session, pd.DataFrame]:
    """Return a session with the model's data in memory, and the same data as a frame."""
    if model.large:
        frame = million_rows()
        return Session(data=frame), frame
    if model is CROSSED:
        frame = crossed_rows()
        return Session(data=frame), frame
    names = {HSB.name: "hsb", TUTORING.name: "tutoring", PENICILLIN.name: "penicillin", INSTEVAL.name: "insteval"}
    session = Session()
    session.run(f'use "{data_file(names[model.name])}"')
    return session, session.data.to_pandas()


def main() -> None:
    """Print one line a model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="the peers' million-row fits too (minutes)")
    everything = parser.parse_args().all
    print("| model | mixedgui | statsmodels | lme4 | largest difference in log likelihood |")
    print("|---|---|---|---|---|")
    for model in MODELS:
        session, frame = load(model)
        seconds, ll = ours(model, session)
        cells, differences = [], []
        for peer in (statsmodels_fit, lme4_fit):
            found = peer(model, frame) if everything or not model.large else None
            if found is None:
                cells.append("–")
                continue
            cells.append(f"{found[0] / seconds:,.0f} x slower")
            differences.append(abs(found[1] - ll))
        difference = f"{max(differences):.2g}" if differences else "–"
        print(f"| {model.name} | {seconds:.3f} s | {' | '.join(cells)} | {difference} |", flush=True)


if __name__ == "__main__":
    main()
