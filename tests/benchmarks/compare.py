"""Time whole commands (data in memory to printed text) beside statsmodels, lme4, nlme, glmmTMB and pbkrtest.

Each peer gets the same data in its own format, in memory, and is timed from model formula to printed summary; the
median of a few runs counts. One thread for everybody. A peer that is not installed is left out, and said so.
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
from models import MODELS, Model

from engine.api import Session

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("lme4", "nlme", "glmmTMB", "pbkrtest")

R_FIT = """
suppressMessages({{library({package}); library(lme4)}})
d <- readRDS("{data}")
times <- numeric({runs})
for (i in seq_len({runs})) times[i] <- system.time({{
  m <- suppressWarnings({expression}); out <- capture.output(print(summary(m)))
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
    seconds = median_seconds(lambda: session.run(model.command).text, 3 if model.large else 15)
    return seconds, session.e.scalars["ll"]


def statsmodels_fit(model: Model, frame: pd.DataFrame, *, patient: bool) -> tuple[float, float] | None:
    """Return seconds and log likelihood of statsmodels, None where it is not installed or has no such model."""
    if model.statsmodels is None or (model.large and not patient):
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


def installed() -> dict[str, str]:
    """Return why each R package that is not there is left out; empty texts for those that are."""
    if shutil.which("Rscript") is None:
        return dict.fromkeys(PACKAGES, "R is not installed")
    script = "; ".join(f"cat(requireNamespace('{name}', quietly = TRUE), '')" for name in PACKAGES)
    done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=False)
    there = done.stdout.split()
    if len(there) != len(PACKAGES):
        return dict.fromkeys(PACKAGES, "R could not be asked what it has")
    return {name: "" if word == "TRUE" else "not installed" for name, word in zip(PACKAGES, there, strict=True)}


class InR:
    """The data of one model as R reads them, for all its packages."""

    def __init__(self, frame: pd.DataFrame, folder: Path) -> None:
        self.data = folder / "data.rds"
        csv = folder / "data.csv"
        frame.to_csv(csv, index=False)
        subprocess.run(["Rscript", "-e", f'saveRDS(read.csv("{csv}"), "{self.data}")'], check=True, capture_output=True)
        csv.unlink()

    def fit(self, model: Model, package: str) -> tuple[float, float] | None:
        """Return seconds and log likelihood, None where the fit fails."""
        once = model.large or package in model.slow
        script = R_FIT.format(data=self.data, package=package, expression=model.r[package], runs=1 if once else 3)
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
    if callable(model.data):
        frame = model.data()
        return Session(data=frame), frame
    session = Session()
    session.run(f'use "{data_file(model.data)}"')
    return session, session.data.to_pandas()


def main() -> None:
    """Print one line a model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="the fits of peers that take minutes too")
    parser.add_argument("--only", default="", help="models whose name holds this text")
    given = parser.parse_args()
    why = installed()
    for package, reason in why.items():
        if reason:
            print(f"{package} is left out: {reason}.")
    peers = [name for name in PACKAGES if not why[name]]
    print(f"| model | mixedgui | statsmodels | {' | '.join(peers)} | largest difference in log likelihood |")
    print("|---|---|---|" + "---|" * (len(peers) + 1))
    for model in MODELS:
        if given.only not in model.name:
            continue
        session, frame = load(model)
        seconds, ll = ours(model, session)
        found = [statsmodels_fit(model, frame, patient=given.all)]
        with tempfile.TemporaryDirectory() as folder:
            wanted = {p for p in peers if p in model.r and (given.all or p not in model.slow)}
            in_r = InR(frame, Path(folder)) if wanted else None
            found += [in_r.fit(model, p) if in_r is not None and p in wanted else None for p in peers]
        cells = ["–" if each is None else f"{each[0] / seconds:,.1f} x as long" for each in found]
        differences = [abs(each[1] - ll) for each in found if each is not None]
        difference = f"{max(differences):.2g}" if differences else "–"
        print(f"| {model.name} | {seconds:.3f} s | {' | '.join(cells)} | {difference} |", flush=True)


if __name__ == "__main__":
    main()
