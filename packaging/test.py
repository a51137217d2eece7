"""Run the tests; further arguments go to pytest.

python3 packaging/test.py            everything but slow tests and benchmarks
python3 packaging/test.py --slow     the slow tests too
"""

import os
import subprocess
import sys

import environment


def main():
    """Prepare the environment and run pytest in it."""
    python = environment.prepare(("test", "dev"))
    environment.check_qt(desktop=False)
    settings = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    settings.setdefault("QT_QPA_PLATFORM", "offscreen")
    arguments = sys.argv[1:]
    parallel = [] if any(a.startswith("-n") or a == "--benchmark-enable" for a in arguments) else ["-n", "2"]
    return subprocess.call([python, "-m", "pytest", *parallel, *arguments], cwd=environment.ROOT, env=settings)


if __name__ == "__main__":
    sys.exit(main())
