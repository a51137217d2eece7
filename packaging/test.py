"""Run the tests; further arguments go to pytest.

python3 packaging/test.py            everything but slow tests and benchmarks
python3 packaging/test.py --slow     the slow tests too
"""

import os
import subprocess
import sys

import environment

PARALLEL = ["-n", "2", "--dist", "worksteal"]  # a worker keeps to its modules, whose fixtures are made once


def main():
    """Prepare the environment and run pytest in it."""
    python = environment.prepare(("test", "dev"))
    environment.check_qt(desktop=False)
    settings = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    settings.setdefault("QT_QPA_PLATFORM", "offscreen")
    settings.pop("PYTHONDONTWRITEBYTECODE", None)  # without compiled tests every worker spends 20 s on compiling them
    arguments = sys.argv[1:]
    parallel = [] if any(a.startswith("-n") or a == "--benchmark-enable" for a in arguments) else PARALLEL
    return subprocess.call([python, "-m", "pytest", *parallel, *arguments], cwd=environment.ROOT, env=settings)


if __name__ == "__main__":
    sys.exit(main())
