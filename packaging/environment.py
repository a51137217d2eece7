"""The program's own Python environment in `.venv`: made on first use, renewed when what it is made from changes.

Needs nothing but Python and its standard library, so that it can say what is missing before anything is installed.
"""

import hashlib
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, ".venv")
STAMP = os.path.join(FOLDER, "made-from")
CONSTRAINTS = os.path.join(ROOT, "packaging", "constraints.txt")
OLDEST = (3, 11)

# What Qt loads on Linux: (shared library, Debian/Ubuntu package, Fedora package).
QT_LIBRARIES = (
    ("libGL.so.1", "libgl1", "mesa-libGL"),
    ("libEGL.so.1", "libegl1", "mesa-libEGL"),
    ("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    ("libdbus-1.so.3", "libdbus-1-3", "dbus-libs"),
    ("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    ("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
)
X11_LIBRARIES = (("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),)


def stop(message):
    """End with a plain message."""
    sys.exit(f"mixedgui: {message}")


def check_python():
    """Stop unless this Python can make the environment, and name the package that is missing."""
    if sys.version_info < OLDEST:
        stop(
            "Python 3.11 or newer is needed; this is {}.{} ({}).\n"
            "Start the command with a newer one, for example: python3.12 {}".format(
                sys.version_info[0], sys.version_info[1], sys.executable, " ".join(sys.argv)
            )
        )
    for module in ("venv", "ensurepip"):
        try:
            __import__(module)
        except ImportError:
            version = "{}.{}".format(*sys.version_info[:2])
            stop(
                f"Python's module {module} is missing, so its own environment cannot be made.\n"
                f"Install it, then run the command again:\n"
                f"    Debian, Ubuntu:  sudo apt install python{version}-venv   (or python3-venv)\n"
                f"    Fedora:          sudo dnf install python3-pip"
            )


def python_of_environment():
    """Return the path of the environment's Python."""
    inside = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(FOLDER, *inside)


def _made_from():
    """Return a mark of what the environment is made from: this Python, the declared libraries and their versions."""
    digest = hashlib.sha256("{}.{}".format(*sys.version_info[:2]).encode())
    for name in (os.path.join(ROOT, "pyproject.toml"), CONSTRAINTS):
        with open(name, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def _present(mark):
    """Return the extras that a finished environment of this mark holds, None when there is none."""
    try:
        with open(STAMP, encoding="ascii") as file:
            made_from, *extras = file.read().split()
    except (OSError, ValueError):
        return None
    return set(extras) if made_from == mark and os.path.exists(python_of_environment()) else None


def prepare(extras=()):
    """Make or renew the environment with at least these extras, and return the path of its Python."""
    check_python()
    python = python_of_environment()
    mark = _made_from()
    present = _present(mark)
    if present is not None and present.issuperset(extras):
        return python
    wanted = sorted(set(extras) | (present or set()))
    print("mixedgui: preparing its Python environment in .venv (once; a few minutes) …", flush=True)
    if not os.path.exists(python):
        _run([sys.executable, "-m", "venv", FOLDER], "the environment could not be made")
    target = ROOT + ("[" + ",".join(wanted) + "]" if wanted else "")
    command = [
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-c",
        CONSTRAINTS,
        "-e",
        target,
    ]
    _run(command, "the libraries could not be installed; is there a connection to the package index?")
    with open(STAMP, "w", encoding="ascii") as file:
        file.write(" ".join([mark, *wanted]))
    return python


def _run(command, failure):
    if subprocess.call(command) != 0:
        stop(f"{failure}\nThe command was: {' '.join(command)}")


def missing_libraries(*, desktop):
    """Return the rows of the system libraries that Qt would not find here (Linux only)."""
    if not sys.platform.startswith("linux"):
        return []
    import ctypes

    missing = []
    for row in QT_LIBRARIES + (X11_LIBRARIES if desktop else ()):
        try:
            ctypes.CDLL(row[0])
        except OSError:
            missing.append(row)
    return missing


def check_qt(*, desktop):
    """Stop when a system library that Qt needs is missing, and name the packages to install."""
    missing = missing_libraries(desktop=desktop)
    if missing:
        names = ", ".join(row[0] for row in missing)
        debian = " ".join(row[1] for row in missing)
        fedora = " ".join(row[2] for row in missing)
        stop(
            f"the window library needs {names}, which this system does not have.\n"
            f"Install it, then run the command again:\n"
            f"    Debian, Ubuntu:  sudo apt install {debian}\n"
            f"    Fedora:          sudo dnf install {fedora}"
        )


def has_display():
    """Tell whether a window can open here."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM"))
