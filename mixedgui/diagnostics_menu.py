"""The entry that opens the diagnostics dashboard of the last fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from mixedgui.state.translation import tr
from mixedgui.widgets.icons import set_icon

if TYPE_CHECKING:
    from mixedgui.docks.diagnostics.window import DiagnosticsWindow
    from mixedgui.main_window import MainWindow


class DashboardEntry(QObject):
    """Opens a dashboard for each fit; off with the reason while there is no model."""

    def __init__(self, menu: QMenu, window: MainWindow) -> None:
        super().__init__(menu)
        self._window = window
        self._open: DiagnosticsWindow | None = None
        self._shown: object = None
        self.action = QAction(tr("&Diagnostics Dashboard"), self)
        self.action.setObjectName("action_diagnostics")
        self.action.setShortcut("Ctrl+Shift+D")
        set_icon(self.action, "chart-line-up")
        self.action.triggered.connect(self.show_dashboard)
        first = menu.actions()
        menu.insertAction(first[0] if first else None, self.action)  # type: ignore[arg-type]  # None appends
        window.command_finished.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self, *_: object) -> None:
        """Tell whether there is a fit to look at."""
        there = self._window.session.estimates is not None
        self.action.setEnabled(there)
        tip = tr("Linked graphs, groups and assumptions of the last fit")
        self.action.setToolTip(tip if there else tr("There is no fit yet. Fit a model first."))
        self.action.setStatusTip(self.action.toolTip())

    @Slot()
    def show_dashboard(self) -> DiagnosticsWindow | None:
        """Open the dashboard of the last fit, the one that is open already where it is the same fit."""
        from mixedgui.docks.diagnostics.window import DiagnosticsWindow

        estimates = self._window.session.estimates
        if estimates is None:
            return None
        if self._open is None or self._shown is not estimates:
            self._open = DiagnosticsWindow(self._window, self._window)
            self._open.destroyed.connect(self._forget)
            self._shown = estimates
        self._open.show()
        self._open.raise_()
        self._open.activateWindow()
        return self._open

    @Slot()
    def _forget(self, gone: object = None) -> None:
        if gone is None or gone is self._open:
            self._open, self._shown = None, None
