"""Compare whole commands with other programs in one run, and print the ratios as a table.

python3 packaging/benchmark.py [--all]       --all adds the peers' million-row fits (minutes)
"""

import os
import subprocess
import sys

import environment


def main():
    """Prepare the environment with the peers and run the comparison in it."""
    python = environment.prepare(("test", "dev", "benchmark"))
    settings = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", PYTHONPATH=environment.ROOT)
    script = os.path.join(environment.ROOT, "tests", "benchmarks", "compare.py")
    return subprocess.call([python, script, *sys.argv[1:]], cwd=environment.ROOT, env=settings)


if __name__ == "__main__":
    sys.exit(main())
