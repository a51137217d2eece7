"""Start mixedgui with its first example; without a display, fit the example's model and print it.

python3 packaging/start.py [FILE]
"""

import os
import subprocess
import sys

import environment

FIRST_FIT = "use hsb\nmixed mathach ses || id:\n"


def main():
    """Prepare the environment and start the program."""
    python = environment.prepare()
    # -P keeps a stray engine.py of the current folder from hiding the program's own package.
    program = [python, "-P", "-m", "mixedgui"]
    if environment.has_display():
        environment.check_qt(desktop=bool(os.environ.get("DISPLAY")))
        return subprocess.call(program + (sys.argv[1:] or ["--example", "hsb"]))
    print(
        "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open.\n"
        "This is the first example's model, fitted in batch mode:\n",
        flush=True,
    )
    return subprocess.run(program + ["-b", "-"], input=FIRST_FIT, text=True, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
