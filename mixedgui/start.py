"""Open the window, or say what is missing for one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

EXIT_NO_WINDOW = 2


def start_window(arguments: Sequence[str]) -> int:
    """Build the window and run its event loop; without a display say so and how to go on without one."""
    reason = no_display()
    if reason:
        print(f"mixedgui: {reason}\nA do-file runs without a window: mixedgui -b SCRIPT.do", file=sys.stderr)
        return EXIT_NO_WINDOW
    from mixedgui.app import build

    application, window = build(["mixedgui", *arguments])
    window.show()
    return int(application.exec())


def no_display() -> str:
    """Return why no window can open here, empty when one can.

    Qt aborts the process when it finds no display, so this looks before Qt is loaded.
    """
    if os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    return ""
