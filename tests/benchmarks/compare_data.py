"""Time data commands beside pandas, in one run and in turn, and print ratios.

``python3 tests/benchmarks/compare_data.py 10_000_000`` makes that many rows of 10 numeric columns, 100 to a group. Each
command and its counterpart take turns; the median of the processor's time counts, one thread for everybody.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.api import Session


@dataclass(frozen=True)
class Task:
    """A command and the same in pandas; `undo` takes back what the command did."""

    name: str
    command: str
    peer: Callable[[pd.DataFrame], object]
    undo: str = "capture drop new"


TASKS = (
    Task("generate", "generate double new = x1 + 2*x2", lambda f: f.assign(new=f["x1"] + 2 * f["x2"])),
    Task(
        "generate, functions",
        "generate double new = ln(abs(x1))*x2^2",
        lambda f: f.assign(new=np.log(f["x1"].abs()) * f["x2"] ** 2),
    ),
    Task(
        "replace if",
        "replace x9 = x1 if x2 > 0",
        lambda f: f.assign(x9=f["x9"].where(~(f["x2"] > 0), f["x1"])),
        "",
    ),
    Task(
        "egen mean by group",
        "egen double new = mean(x1), by(g)",
        lambda f: f.assign(new=f.groupby("g")["x1"].transform("mean")),
    ),
    Task("sort by group", "sort g", lambda f: f.sort_values("g", kind="stable", ignore_index=True), ""),
    Task(
        "sort, then mean by group",
        "bysort g: egen double new = mean(x1)",
        lambda f: f.sort_values("g", kind="stable").assign(new=lambda h: h.groupby("g")["x1"].transform("mean")),
    ),
    Task(
        "collapse",
        "collapse (mean) x1 (sd) x2 (count) x3, by(g)",
        lambda f: f.groupby("g").agg(x1=("x1", "mean"), x2=("x2", "std"), x3=("x3", "count")),
        "",
    ),
)


MOST_TEXT = 1_000_000
"""Rows of text that are read: pandas takes minutes to write more."""


def rows_of(n_rows: int, n_columns: int = 10) -> pd.DataFrame:
    """Return numbers in groups of about 100, in no order."""
    rng = np.random.default_rng(20240731)
    columns = {"g": rng.integers(0, max(n_rows // 100, 2), n_rows).astype(np.int32)}
    return pd.DataFrame({**columns, **{f"x{k}": rng.normal(size=n_rows) for k in range(1, n_columns)}})


def timed(action: Callable[[], object]) -> float:
    """Return the processor's time of one call."""
    gc.collect()
    started = time.process_time()
    action()
    return time.process_time() - started


def ratio_of(task: Task, frame: pd.DataFrame, runs: int) -> tuple[float, float]:
    """Return the median seconds of the command and of its peer, taken in turn."""
    session = Session(data=frame)
    data = session.data
    ours, peers = [], []
    for _ in range(runs + 1):
        session.data = data

        def run() -> None:
            outcome = session.run(task.command)
            assert outcome.rc == 0, outcome.text

        ours.append(timed(run))
        peers.append(timed(lambda: task.peer(frame)))
    return statistics.median(ours[1:]), statistics.median(peers[1:])


def load_ratio(frame: pd.DataFrame, runs: int) -> tuple[float, float]:
    """Return the median seconds of reading a Stata file, here and in pandas."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.dta"
        frame.to_stata(path, write_index=False)
        session = Session()
        ours = [timed(lambda: session.run(f'use "{path}", clear')) for _ in range(runs)]
        peers = [timed(lambda: pd.read_stata(path)) for _ in range(runs)]
    return statistics.median(ours), statistics.median(peers)


def text_ratio(frame: pd.DataFrame, runs: int, dates: tuple[str, ...] = ()) -> tuple[float, float]:
    """Return the median seconds of reading a text file, here and in pandas, which is told where dates are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        frame.to_csv(path, index=False)
        session = Session()
        own = [timed(lambda: session.run(f'import delimited "{path}", clear')) for _ in range(runs + 1)]
        peers = [timed(lambda: pd.read_csv(path, parse_dates=list(dates))) for _ in range(runs + 1)]
        assert session.data.n_obs == len(frame)
    return statistics.median(own[1:]), statistics.median(peers[1:])


def mixed_rows(n_rows: int) -> pd.DataFrame:
    """Return numbers with gaps, words, some of them in quotes, and dates."""
    rng = np.random.default_rng(20240801)
    days = pd.Timestamp("2001-01-01") + pd.to_timedelta(rng.integers(0, 5000, n_rows), unit="D")
    return pd.DataFrame(
        {
            "id": rng.integers(0, 5000, n_rows),
            "place": rng.choice(["north", "south", "east, far", "west"], n_rows),
            "day": days,
            "x": rng.normal(size=n_rows).round(2),
            "y": np.where(rng.random(n_rows) < 0.1, np.nan, rng.integers(0, 9, n_rows)),
        }
    )


def main() -> None:
    """Print a table of ratios."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument(
        "rows", type=lambda text: int(text.replace("_", "").replace(",", "")), default=1_000_000, nargs="?"
    )
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    frame = rows_of(asked.rows)
    print(f"{asked.rows:,} rows x {frame.shape[1]} columns, seconds of the processor, median of {asked.runs}")
    print(f"{'':28}{'here':>10}{'pandas':>10}{'ratio':>8}")
    found = [("load a .dta file", load_ratio(frame, max(asked.runs // 2, 1)))]
    found += [
        ("read text, numbers", text_ratio(frame[:MOST_TEXT], max(asked.runs // 2, 1))),
        ("read text, words and dates", text_ratio(mixed_rows(min(asked.rows, MOST_TEXT)), asked.runs, ("day",))),
    ]
    found += [(task.name, ratio_of(task, frame, asked.runs)) for task in TASKS]
    for name, (own, peer) in found:
        print(f"{name:28}{own:>10.3f}{peer:>10.3f}{own / peer:>8.2f}")


if __name__ == "__main__":
    main()
