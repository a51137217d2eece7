"""Print how the cost of a fit grows with the number of rows: processor seconds and peak memory, one process per size.

The model is a random intercept and slope (unstructured, REML) with 20 to 50 rows per group, one thread. Memory is the
most that a fit holds beside the data, traced in a fit of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SIZES = ((10_000, 500), (100_000, 5_000), (1_000_000, 50_000), (10_000_000, 200_000))


def one(n: int, groups: int) -> None:
    """Fit once and print n, seconds, bytes added per row, and the log likelihood."""
    import tracemalloc

    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "helpers")]
    from test_engine_fit import simulated

    from engine.fit.estimate import estimate

    frame = simulated(n, groups)
    estimate(frame)
    times = []
    for _ in range(5 if n < 10_000_000 else 2):
        started = time.process_time()
        result = estimate(frame)
        times.append(time.process_time() - started)
    tracemalloc.start()
    estimate(frame)
    megabytes = tracemalloc.get_traced_memory()[1] / 1e6
    print(f"| {n:,} | {groups:,} | {min(times):.3f} | {megabytes:.1f} | {result.ll:.4f} |", flush=True)


def main() -> None:
    """Run every size in a process of its own, or the one given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--groups", type=int)
    given = parser.parse_args()
    if given.rows:
        one(given.rows, given.groups)
        return
    print("| rows | groups | seconds | MB beside the data | log likelihood |\n|---|---|---|---|---|", flush=True)
    for n, groups in SIZES:
        subprocess.run(
            [sys.executable, __file__, "--rows", str(n), "--groups", str(groups)], check=True, cwd=Path(__file__).parent
        )


if __name__ == "__main__":
    main()
