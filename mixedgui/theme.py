"""The one theme object: palette, style sheet, fonts and distances, light or dark as the system or the user wants."""

from __future__ import annotations

import sys
from enum import Enum
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from mixedgui.paths import resources
from mixedgui.theme_tokens import DARK, LIGHT, Tokens, luminance, tokens_of_palette

__all__ = ["Theme", "ThemeChoice", "theme"]

_DRAWINGS = ("caret", "caret_up", "check", "cross")
"""Small drawings of the style sheet, each light and dark among the icons."""

_MONO_FAMILIES = ["Cascadia Mono", "Consolas", "SF Mono", "Menlo", "DejaVu Sans Mono"]


class ThemeChoice(Enum):
    """What the user asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Feeds palette, style sheet, icons, plots and HTML.

    Attributes
    ----------
    changed
        Emitted after palette and style sheet have been replaced; redraw what keeps colours of its own.
    unit
        A quarter of the text's line height in device-independent pixels (4 at an ordinary font): all distances are
        multiples of it.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice = ThemeChoice.SYSTEM
        self._tokens = LIGHT
        self._native = sys.platform == "darwin"
        if not self._native:
            app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._apply()

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        return self._tokens

    @property
    def choice(self) -> ThemeChoice:
        """What the user asked for."""
        return self._choice

    @property
    def dark(self) -> bool:
        """Whether the dark colours are in force."""
        return QColor(self._tokens.base).lightnessF() < 0.5

    @property
    def unit(self) -> int:
        """The base distance."""
        return max(3, round(QFontMetricsF(self._app.font()).height() / 3.8))

    def color(self, name: str) -> QColor:
        """Return the colour of a token."""
        return QColor(getattr(self._tokens, name))

    def font(self, factor: float = 1.0, *, bold: bool = False) -> QFont:
        """Return the interface font, scaled."""
        font = QFont(self._app.font())
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * factor)
        else:
            font.setPixelSize(max(1, round(font.pixelSize() * factor)))
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    def mono(self, factor: float = 1.0) -> QFont:
        """Return the fixed-pitch font, scaled, without ligatures (``||`` must stay two bars)."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setFamilies([font.family(), *_MONO_FAMILIES])
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setFixedPitch(True)
        font.setFeature(QFont.Tag("calt"), 0)
        font.setPointSizeF(self.font(factor).pointSizeF() if self._app.font().pointSizeF() > 0 else 10 * factor)
        return font

    def choose(self, choice: ThemeChoice) -> None:
        """Force light or dark, or follow the system again."""
        self._choice = choice
        scheme = {
            ThemeChoice.SYSTEM: Qt.ColorScheme.Unknown,
            ThemeChoice.LIGHT: Qt.ColorScheme.Light,
            ThemeChoice.DARK: Qt.ColorScheme.Dark,
        }[choice]
        hints = self._app.styleHints()
        hints.blockSignals(True)  # one change of colours, not two
        hints.setColorScheme(scheme)
        hints.blockSignals(False)
        self._apply()

    def _follow(self) -> None:
        self._apply()

    def _apply(self) -> None:
        dark = self._choice is ThemeChoice.DARK or (
            self._choice is ThemeChoice.SYSTEM and self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark
        )
        tokens = DARK if dark else LIGHT
        if _high_contrast():
            palette = self._app.style().standardPalette()
            self._tokens = tokens_of_palette(palette, tokens)
            self._app.setPalette(palette)
            self._app.setStyleSheet("")
        elif self._native:
            self._tokens = tokens
        else:
            sheet = style_sheet(tokens, self.unit)
            if tokens is self._tokens and sheet == self._app.styleSheet():
                return
            self._tokens = tokens
            self._app.setStyleSheet("")  # Qt takes three times as long to put one sheet in the place of another
            self._app.setPalette(palette_of(tokens))
            self._app.setStyleSheet(sheet)
        self.changed.emit()


def _high_contrast() -> bool:
    """Tell whether the system asks for high contrast (Qt 6.10 and later know)."""
    hints = QGuiApplication.styleHints()
    accessibility = getattr(hints, "accessibility", None)
    if accessibility is None:
        return False
    preference = accessibility().contrastPreference()
    return bool(preference == Qt.ContrastPreference.HighContrast)


def palette_of(tokens: Tokens) -> QPalette:
    """Return the palette that carries the tokens into every widget.

    Pane heads use the role `Midlight` (sunken), outlines `Mid` (control), hairlines `Light` (line).
    """
    role = QPalette.ColorRole
    colors = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.base,
        role.AlternateBase: tokens.alt,
        role.Text: tokens.text,
        role.Button: tokens.base,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.on_accent,
        role.PlaceholderText: tokens.disabled,
        role.Highlight: tokens.soft,
        role.HighlightedText: tokens.text,
        role.Accent: tokens.accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.option,
        role.ToolTipBase: tokens.tooltip,
        role.ToolTipText: tokens.tooltip_text,
        role.Light: tokens.line,
        role.Midlight: tokens.sunken,
        role.Mid: tokens.control,
        role.Dark: tokens.control,
        role.Shadow: tokens.control,
    }
    palette = QPalette()
    for name, color in colors.items():
        palette.setColor(QPalette.ColorGroup.All, name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.disabled))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Base, QColor(tokens.window))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Button, QColor(tokens.window))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(tokens.sunken))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Accent, QColor(tokens.control))
    return palette


def style_sheet(tokens: Tokens, unit: int) -> str:
    """Return the application's style sheet: the template under resources with colours and distances filled in."""
    template = Template((resources() / "qss" / "mixedgui.qss").read_text(encoding="utf-8"))
    sizes = {f"u{quarters}": f"{max(1, round(unit * quarters / 4))}px" for quarters in (1, 2, 3, 4, 6, 8, 10, 12, 16)}
    side = round(3 * unit)  # of a check mark; a corner may not be rounder than half of it with its outline
    sizes |= {"ring": f"{side - 2}px", "round": f"{side // 2 + 1}px"}
    scheme = "dark" if luminance(tokens.base) < 0.5 else "light"
    drawings = {
        name: (resources() / "icons" / f"{name.replace('_', '-')}-{scheme}.svg").as_posix() for name in _DRAWINGS
    }
    return template.substitute(tokens.as_dict() | sizes | drawings)


_themes: list[tuple[QApplication, Theme]] = []
"""The application and its theme; a process has one application at a time."""


def theme() -> Theme:
    """Return the application's theme, made at the first call after the application exists."""
    app = QApplication.instance()
    if _themes and _themes[0][0] is app:
        return _themes[0][1]
    if not isinstance(app, QApplication):
        message = "theme() needs a QApplication"
        raise RuntimeError(message)
    _themes[:] = [(app, Theme(app))]
    return _themes[0][1]
