"""Where the panes stand, and how the arrangement is kept between sessions."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from mixedgui.preferences import LAYOUT_VERSION, Preferences
from mixedgui.size import open_at
from mixedgui.theme import theme
from mixedgui.widgets.pane import Pane

NARROW = 275
"""In units of the theme: below this width (1100 at an ordinary font) the panes at the left become tabs at the right."""


class Layout(QObject):
    """Arranges the docks of a window around the results."""

    def __init__(
        self,
        window: QMainWindow,
        preferences: Preferences,
        *,
        history: Pane,
        variables: Pane,
        properties: Pane,
        command_line: Pane,
        models: Pane,
        jobs: Pane,
        graphs: Pane,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        self._history, self._variables = history, variables
        self._properties, self._command_line = properties, command_line
        self._models, self._jobs, self._graphs = models, jobs, graphs
        window.setDockNestingEnabled(True)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        bottom = Qt.DockWidgetArea.BottomDockWidgetArea
        window.setCorner(Qt.Corner.BottomLeftCorner, left)
        window.setCorner(Qt.Corner.BottomRightCorner, right)
        for dock, area in (
            (history, left),
            (models, right),
            (variables, right),
            (properties, right),
            (jobs, right),
            (graphs, right),
            (command_line, bottom),
        ):
            window.addDockWidget(area, dock)

    def docks_with_icons(self) -> list[tuple[QDockWidget, str]]:
        """Return the docks in the order of the Window menu."""
        return [
            (self._command_line, "terminal"),
            (self._history, "list-dashes"),
            (self._variables, "table"),
            (self._properties, "info"),
            (self._models, "stack"),
            (self._jobs, "hourglass"),
            (self._graphs, "mdi6.chart-scatter-plot"),
        ]

    def go_to(self, pane: QWidget) -> None:
        """Show a pane and give it the focus, from whatever window."""
        pane.show()
        pane.raise_()
        pane.window().activateWindow()
        target = pane.focusProxy() or pane
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def reset(self) -> None:
        """Arrange the panes as at the first start, for the width the window has."""
        unit = theme().unit
        panes = [self._history, self._models, self._variables, self._properties, self._jobs, self._graphs]
        docks = [*panes, self._command_line]
        for dock in docks:
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        left, right = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
        narrow = self._window.width() < NARROW * unit
        self._window.addDockWidget(right if narrow else left, self._history)
        self._window.addDockWidget(right, self._models)
        self._window.addDockWidget(right, self._variables)
        self._window.addDockWidget(right, self._properties)
        self._window.addDockWidget(right, self._jobs)
        self._window.addDockWidget(right, self._graphs)
        self._window.tabifyDockWidget(self._properties, self._jobs)
        self._window.tabifyDockWidget(self._properties, self._graphs)
        self._window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self._command_line)
        if narrow:
            self._window.tabifyDockWidget(self._variables, self._properties)
            self._window.tabifyDockWidget(self._variables, self._history)
            self._window.tabifyDockWidget(self._variables, self._models)
            self._window.tabifyDockWidget(self._variables, self._jobs)
            self._window.tabifyDockWidget(self._variables, self._graphs)
        for dock in docks:
            dock.setVisible(dock not in (self._jobs, self._graphs))  # few fits last long enough to be watched
        self._properties.raise_()
        self._variables.raise_()
        horizontal, vertical = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        side = 54 if narrow else 71
        if narrow:
            self._window.resizeDocks([self._variables], [side * unit], horizontal)
        else:
            self._window.resizeDocks([self._history, self._variables], [57 * unit, side * unit], horizontal)
            self._window.resizeDocks([self._models, self._variables, self._properties], [46, 27, 27], vertical)
        self._window.resizeDocks([self._command_line], [21 * unit], vertical)

    def restore(self) -> None:
        """Show the window as it was left, or at a first size on the screen at hand."""
        open_at(self._window, 360, 225)
        self.reset()
        saved = self._preferences.layout()
        if saved is not None:
            geometry, state = saved
            self._window.restoreGeometry(geometry)
            self._window.restoreState(state, LAYOUT_VERSION)

    def save(self) -> None:
        """Remember place, size and arrangement."""
        self._preferences.save_layout(self._window.saveGeometry(), self._window.saveState(LAYOUT_VERSION))
