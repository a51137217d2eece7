"""What is remembered between sessions: layout, theme, text size, recent files. Never data."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from mixedgui.theme import ThemeChoice

RECENT_FILES = 10
LAYOUT_VERSION = 2


class Preferences:
    """Typed access to the settings file.

    `QSettings.setDefaultFormat` and `QSettings.setPath` decide where it lies, so tests can put it into a folder of
    their own.
    """

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings or QSettings(
            QSettings.defaultFormat(), QSettings.Scope.UserScope, "mixedgui", "mixedgui"
        )

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark or as the system."""
        try:
            return ThemeChoice(str(self._settings.value("theme", ThemeChoice.SYSTEM.value)))
        except ValueError:
            return ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._settings.setValue("theme", choice.value)

    @property
    def zoom(self) -> int:
        """Steps by which the Results text is larger than the interface text."""
        return _integer(self._settings.value("results/zoom", 0))

    @zoom.setter
    def zoom(self, steps: int) -> None:
        self._settings.setValue("results/zoom", steps)

    def recent_files(self) -> list[str]:
        """Return data sets and do-files opened lately, latest first."""
        stored = self._settings.value("recent", [])
        if isinstance(stored, str):  # an ini file returns a list of one as text
            stored = [stored]
        return [str(path) for path in stored] if isinstance(stored, list) else []

    def remember_file(self, path: str) -> None:
        """Put a file at the head of the recent files."""
        full = str(Path(path).absolute())
        others = [known for known in self.recent_files() if known != full]
        self._settings.setValue("recent", [full, *others][:RECENT_FILES])

    def clear_recent_files(self) -> None:
        """Forget the recent files."""
        self._settings.remove("recent")

    def presets(self, command: str) -> dict[str, str]:
        """Return the settings kept for a command's dialog: name -> command."""
        try:
            stored = json.loads(str(self._settings.value(f"presets/{command}", "{}")))
        except ValueError:
            return {}
        return {str(name): str(text) for name, text in stored.items()} if isinstance(stored, dict) else {}

    def save_preset(self, command: str, name: str, text: str) -> None:
        """Keep settings of a command's dialog under a name."""
        self._settings.setValue(f"presets/{command}", json.dumps(self.presets(command) | {name: text}))

    def delete_preset(self, command: str, name: str) -> None:
        """Forget settings."""
        kept = {known: text for known, text in self.presets(command).items() if known != name}
        self._settings.setValue(f"presets/{command}", json.dumps(kept))

    def shortcuts(self) -> dict[str, tuple[str, ...]]:
        """Return the keys that the user gave to actions."""
        try:
            stored = json.loads(str(self._settings.value("shortcuts", "{}")))
        except ValueError:
            return {}
        if not isinstance(stored, dict):
            return {}
        return {str(name): tuple(map(str, keys)) for name, keys in stored.items() if isinstance(keys, list)}

    def save_shortcut(self, key: str, keys: tuple[str, ...] | None) -> None:
        """Remember the keys of an action; None forgets them."""
        kept = self.shortcuts()
        kept.pop(key, None)
        if keys is not None:
            kept[key] = keys
        self._settings.setValue("shortcuts", json.dumps(kept))

    @property
    def level(self) -> float:
        """Confidence level in percent at the start of a session."""
        return _number(self._settings.value("session/level", 95.0), 95.0, 10.0, 99.99)

    @level.setter
    def level(self, percent: float) -> None:
        self._settings.setValue("session/level", percent)

    @property
    def decimal_comma(self) -> bool:
        """Whether numbers are shown with a decimal comma at the start of a session."""
        return str(self._settings.value("session/decimal_comma", "false")).lower() == "true"

    @decimal_comma.setter
    def decimal_comma(self, on: bool) -> None:
        self._settings.setValue("session/decimal_comma", "true" if on else "false")

    def save_layout(self, geometry: QByteArray, state: QByteArray) -> None:
        """Remember the window's place and the arrangement of its panes."""
        self._settings.setValue("window/geometry", geometry)
        self._settings.setValue("window/state", state)
        self._settings.setValue("window/version", LAYOUT_VERSION)
        self._settings.sync()

    def layout(self) -> tuple[QByteArray, QByteArray] | None:
        """Return geometry and state saved by this version of the layout, or None."""
        if _integer(self._settings.value("window/version", 0)) != LAYOUT_VERSION:
            return None
        geometry, state = self._settings.value("window/geometry"), self._settings.value("window/state")
        if not isinstance(geometry, QByteArray) or not isinstance(state, QByteArray):
            return None
        return geometry, state


def _number(value: object, usual: float, low: float, high: float) -> float:
    try:
        number = float(str(value))
    except ValueError:
        return usual
    return number if low <= number <= high else usual


def _integer(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
