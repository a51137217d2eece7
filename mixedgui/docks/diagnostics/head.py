"""The title line of the dashboard: which fit it is about, what dragging does, which plots are shown, export."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from mixedgui.docks.diagnostics.tile import PlotTile
from mixedgui.plots.brush import BrushMode
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.elided_label import ElidedLabel
from mixedgui.widgets.icons import icon, set_icon
from mixedgui.widgets.segments import Segments
from mixedgui.widgets.tinted_label import TintedLabel

_MODES = (
    (BrushMode.MOVE, mark("Mo&ve"), "mdi6.cursor-move", mark("Drag moves the plot; a click labels a mark")),
    (
        BrushMode.RECTANGLE,
        mark("&Rectangle"),
        "selection",
        mark("Drag a rectangle around marks; Shift adds, Alt removes, Ctrl+click labels a mark"),
    ),
    (BrushMode.LASSO, mark("&Lasso"), "mdi6.lasso", mark("Draw a line around marks; Shift adds, Alt removes")),
)


class DashboardHead(QWidget):
    """Attributes: `mode_chosen` emits a `BrushMode`; `export_wanted` asks for the page as a file.

    Parameters
    ----------
    facts
        What is said of the fit, in one line; its command is the tooltip.
    """

    mode_chosen = Signal(object)
    export_wanted = Signal()

    def __init__(self, facts: str, command: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        unit = theme().unit
        row = QHBoxLayout(self)
        row.setContentsMargins(4 * unit, 2 * unit, 3 * unit, 2 * unit)
        row.setSpacing(2 * unit)
        sign = QLabel(self)
        side = round(4.5 * unit)
        sign.setPixmap(icon("mdi6.chart-scatter-plot", "accent").pixmap(side, side))
        row.addWidget(sign)
        row.addWidget(TintedLabel(tr("Diagnostics"), "text", self, factor=1.15, bold=True))
        row.addSpacing(unit)
        self.facts = ElidedLabel(facts, "text2", self)
        self.facts.setObjectName("diagnostics_facts")
        self.facts.setToolTip(command)
        self.facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self.facts, 1)
        row.addWidget(TintedLabel(tr("Select with"), "text2", self))
        row.addWidget(self._modes())
        self.shown = self._tool("diagnostics_shown", tr("&Plots shown"), "sliders-horizontal")
        self.shown.setToolTip(tr("Which graphs of this page are shown"))
        self.shown.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self.shown.setMenu(self._menu)
        self.export = self._tool("diagnostics_export", tr("E&xport page"), "export")
        self.export.setToolTip(tr("Save the graphs of this page as one picture or drawing"))
        self.export.clicked.connect(self.export_wanted)
        for button in (self.shown, self.export):
            button.setAccessibleDescription(button.toolTip())
            row.addWidget(button)

    def offer_plots(self, tiles: list[PlotTile]) -> None:
        """List the graphs of the page in front; those that are ticked are shown."""
        self._menu.clear()
        for tile in tiles:
            action = self._menu.addAction(tile.title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(not tile.put_away)
            action.toggled.connect(partial(self._toggle, tile))
        self.shown.setEnabled(len(tiles) > 1)
        self.export.setEnabled(bool(tiles))

    @Slot(bool)
    def _toggle(self, tile: PlotTile, on: bool) -> None:
        tile.put_away = not on

    def _modes(self) -> Segments:
        modes = Segments(self)
        for mode, text, glyph, tip in _MODES:
            choice = modes.add(f"brush_{mode.value}", tr(text), glyph, partial(self.mode_chosen.emit, mode))
            choice.setToolTip(tr(tip))
            choice.setAccessibleDescription(tr(tip))
            choice.setChecked(mode is BrushMode.RECTANGLE)
        return modes

    def _tool(self, name: str, text: str, glyph: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAutoRaise(True)
        set_icon(button, glyph)
        return button
