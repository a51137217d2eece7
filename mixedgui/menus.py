"""Menu bar and toolbar, arranged as in Stata; an entry exists only when it works."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton

from engine.api import CommandDecl, declarations
from mixedgui.diagnostics_menu import DashboardEntry
from mixedgui.dialogs import registry
from mixedgui.edit_undo import EditUndo
from mixedgui.finder import add_finder
from mixedgui.plots.menu import add_diagnostics
from mixedgui.state.translation import mark, shown, tr
from mixedgui.theme import ThemeChoice, theme
from mixedgui.widgets.icons import set_icon
from mixedgui.widgets.mnemonics import assign_menu_mnemonics

if TYPE_CHECKING:
    from mixedgui.main_window import MainWindow

TOP = (
    mark("&File"),
    mark("&Edit"),
    mark("&Data"),
    mark("&Graphics"),
    mark("&Statistics"),
    mark("&Window"),
    mark("&Help"),
)
"""The menus of the bar."""

ORDER = (
    ("Data", mark("Describe data")),
    ("Data", mark("Data Editor")),
    ("Data", mark("Create or change data")),
    ("Data", mark("Variables Manager")),
    ("Data", mark("Data utilities")),
    ("Data", mark("Sort")),
    ("Data", mark("Combine datasets")),
    ("Graphics", mark("Distributional graphs")),
    ("Graphics", mark("Smoothing and densities")),
    ("Graphics", mark("Regression diagnostic plots")),
    ("Statistics", mark("Summaries, tables, and tests")),
    ("Statistics", mark("Linear models and related")),
    ("Statistics", mark("Time series")),
    ("Statistics", mark("Longitudinal/panel data")),
    ("Statistics", mark("Multilevel mixed-effects models")),
    ("Statistics", mark("Resampling")),
    ("Statistics", mark("Postestimation")),
)
"""Submenus in the order in which Stata has them; others follow."""

DIALOG_ICONS = {
    "mixed": "tree-structure",
    "predict": "mdi6.function-variant",
    "qnorm": "chart-line-up",
    "lowess": "chart-line",
    "scatter": "mdi6.chart-scatter-plot",
    "rvfplot": "mdi6.chart-scatter-plot",
    "histogram": "chart-bar",
    "line": "chart-line",
    "graph box": "chart-bar-horizontal",
    "graph bar": "chart-bar",
}


LAST_PANE_KEY = 7
"""The last of the panes that have a number for a key."""


class Menus(QObject):
    """Builds the menus of a window and keeps what has to be refreshed."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._menus: dict[tuple[str, ...], QMenu] = {}
        for title in TOP:
            self._menus[(title.replace("&", ""),)] = window.menuBar().addMenu(shown(title))
        self._file()
        self._edit()
        self._data()
        self._commands()
        self._panes()
        self._help()
        self._toolbar()
        for path, menu in self._menus.items():
            if len(path) == 1:
                menu.menuAction().setVisible(not menu.isEmpty())
                assign_menu_mnemonics(menu)

    # --- menus -------------------------------------------------------------------------------------------------------

    def _file(self) -> None:
        window, menu = self._window, self._menus[("File",)]
        self.open = self._add(menu, tr("&Open…"), window.files.ask, "folder-open", QKeySequence.StandardKey.Open)
        self.recent = menu.addMenu(tr("Open &Recent"))
        set_icon(self.recent.menuAction(), "clock-counter-clockwise")
        self.recent.aboutToShow.connect(self.refresh_recent)
        window.files.remembered.connect(self.refresh_recent)
        self.refresh_recent()
        examples = menu.addMenu(tr("Exa&mple Data"))
        set_icon(examples.menuAction(), "graduation-cap")
        window.files.fill_examples(examples)
        examples.menuAction().setVisible(not examples.isEmpty())
        self._menus["File", "Import"] = menu.addMenu(tr("&Import"))
        menu.addSeparator()
        save = self._add(
            menu, tr("&Save Data As…"), window.files.ask_save, "floppy-disk", QKeySequence.StandardKey.Save
        )
        save.setObjectName("action_save")
        self._menus["File", "Export"] = menu.addMenu(tr("Ex&port"))
        run = self._add(menu, tr("Run &Do-file…"), window.files.ask_dofile, "play", "Ctrl+D")
        run.setObjectName("action_do")
        menu.addAction(window.results.actions_.save_log)
        menu.addSeparator()
        leave = self._add(menu, tr("E&xit"), window.close, "sign-out", "Ctrl+Q")
        leave.setMenuRole(QAction.MenuRole.QuitRole)

    def refresh_recent(self) -> None:
        """List the recent files anew."""
        self._window.files.fill_recent(self.recent)

    def _edit(self) -> None:
        window, menu = self._window, self._menus[("Edit",)]
        self.undo = EditUndo(window, menu)
        menu.addSeparator()
        self._add(menu, tr("&Copy"), window.copy, "copy", QKeySequence.StandardKey.Copy, local=True)
        menu.addAction(window.results.actions_.copy_table)
        menu.addAction(window.results.actions_.copy_latex)
        menu.addSeparator()
        menu.addAction(window.results.find_action)
        menu.addActions(window.results.step_actions)
        menu.addAction(window.results.clear_action)
        menu.addSeparator()
        self.stop = self._add(menu, tr("&Break: Stop the Running Command"), window.cancel_command, "stop", "Ctrl+.")
        self.stop.setEnabled(False)
        menu.addSeparator()
        preferences = self._add(menu, tr("&Preferences…"), window.satellites.preferences, "gear", "Ctrl+,")
        preferences.setObjectName("action_preferences")
        preferences.setMenuRole(QAction.MenuRole.PreferencesRole)

    def _data(self) -> None:
        window = self._window
        editor = self._submenu(("Data", "Data Editor"))
        edit = self._add(editor, tr("&Edit"), window.data_windows.edit, "table")
        edit.setShortcuts([QKeySequence("Ctrl+E"), QKeySequence("Ctrl+8")])
        edit.setObjectName("action_edit")
        browse = self._add(editor, tr("&Browse"), window.data_windows.browse, "eye", "Ctrl+Shift+E")
        browse.setObjectName("action_browse")
        set_icon(editor.menuAction(), "table")
        editor.addSeparator()
        undo = self._add(editor, tr("&Undo Change of the Data"), window.data_windows.undo, "arrow-u-up-left")
        undo.setObjectName("action_undo_data")
        redo = self._add(editor, tr("&Redo Change of the Data"), window.data_windows.redo, "arrow-u-up-right")
        redo.setObjectName("action_redo_data")
        manage = self._add(self._menus[("Data",)], tr("&Variables Manager"), window.data_windows.manage_variables)
        manage.setObjectName("action_varmanage")
        set_icon(manage, "list-dashes")

    def _commands(self) -> None:
        with_dialog = registry.available()
        shown = [d for d in declarations() if d.name in with_dialog and len(d.menu) > 1]
        for path in ORDER:
            if any(d.menu[: len(path)] == path for d in shown):
                self._submenu(path)
        selector = self._add(self._submenu(ORDER[-1]), tr("&Postestimation Selector…"), self._window.satellites.postest)
        selector.setObjectName("action_postest")
        set_icon(selector, "list-dashes")
        again = self._add(
            self._submenu(ORDER[-1]),
            tr("Show Last Results &Again"),
            lambda: self._window.run_command("estimates replay"),
            "arrow-counter-clockwise",
            "F5",
        )
        again.setObjectName("action_replay")
        for declaration in shown:
            self._dialog_entry(declaration)
        add_diagnostics(self._menus[("Graphics",)], self._window)
        self.dashboard = DashboardEntry(self._menus[("Graphics",)], self._window)

    def _dialog_entry(self, declaration: CommandDecl) -> None:
        *parents, text = declaration.menu
        name = declaration.name
        action = self._add(self._submenu(tuple(parents)), f"{shown(text)}…", lambda: self._window.open_dialog(name))
        action.setObjectName(f"action_{name}")
        action.setStatusTip(shown(declaration.help))
        if name in DIALOG_ICONS:
            set_icon(action, DIALOG_ICONS[name])

    def _submenu(self, path: tuple[str, ...]) -> QMenu:
        if path not in self._menus:
            self._menus[path] = self._submenu(path[:-1]).addMenu(shown(path[-1]))
        return self._menus[path]

    def _panes(self) -> None:
        window, menu = self._window, self._menus[("Window",)]
        for number, (dock, icon) in enumerate(window.layout_.docks_with_icons(), start=2):
            toggle = dock.toggleViewAction()
            toggle.setObjectName(f"action_show_{dock.objectName()}")
            menu.addAction(toggle)
            go = QAction(tr("Go to {0}").format(dock.windowTitle()), window)
            go.setShortcut(f"Ctrl+{number}" if number <= LAST_PANE_KEY else "Ctrl+G")  # 8 and 9 are windows
            go.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
            go.triggered.connect(lambda _checked=False, pane=dock: window.layout_.go_to(pane))
            window.addAction(go)
            set_icon(go, icon)
        editor = self._add(menu, tr("&Do-file Editor"), window.satellites.dofile_editor, "file-text", "Ctrl+9")
        editor.setObjectName("action_doedit")
        editor.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        menu.addSeparator()
        to_results = QAction(tr("Go to Results"), window)
        to_results.setShortcut("Ctrl+1")
        to_results.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        to_results.triggered.connect(lambda: window.layout_.go_to(window.results))
        window.addAction(to_results)
        to_command = QAction(tr("Go to Command"), window)
        to_command.setShortcut("Ctrl+L")
        to_command.triggered.connect(lambda: window.layout_.go_to(window.command_line))
        window.addAction(to_command)
        menu.addSeparator()
        self._add(menu, tr("&Reset Layout"), window.layout_.reset, "arrow-counter-clockwise")
        menu.addSeparator()
        self._themes(menu.addMenu(tr("&Theme")))
        size = menu.addMenu(tr("Text &Size of Results"))
        larger = self._add(size, tr("&Larger"), window.results.larger, "magnifying-glass-plus")
        larger.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        self._add(size, tr("&Smaller"), window.results.smaller, "magnifying-glass-minus", "Ctrl+-")
        self._add(size, tr("&Usual"), window.results.usual_size, "", "Ctrl+0")

    def _themes(self, menu: QMenu) -> None:
        set_icon(menu.menuAction(), "circle-half")
        group = QActionGroup(self)
        texts = {
            ThemeChoice.SYSTEM: tr("As the &System"),
            ThemeChoice.LIGHT: tr("&Light"),
            ThemeChoice.DARK: tr("&Dark"),
        }
        for choice, text in texts.items():
            action = menu.addAction(text)
            action.setObjectName(f"action_theme_{choice.value}")
            action.setCheckable(True)
            action.setChecked(theme().choice is choice)
            action.triggered.connect(lambda _checked=False, wanted=choice: self._window.choose_theme(wanted))
            group.addAction(action)

    def _help(self) -> None:
        menu = self._menus[("Help",)]
        self._add(
            menu,
            tr("&Commands"),
            self._window.satellites.show_commands,
            "question",
            QKeySequence.StandardKey.HelpContents,
        )
        menu.addAction(self._window.results.explain_action)
        tour = self._add(menu, tr("&Tour in Six Steps"), self._window.satellites.take_tour, "compass")
        tour.setObjectName("action_tour")
        about = self._add(menu, tr("&About mixedgui"), self._window.satellites.show_about, "info")
        about.setMenuRole(QAction.MenuRole.AboutRole)

    # --- toolbar -----------------------------------------------------------------------------------------------------

    def _toolbar(self) -> None:
        window = self._window
        bar = QToolBar(tr("Toolbar"), window)
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        side = round(4.5 * theme().unit)
        bar.setIconSize(bar.iconSize().__class__(side, side))
        window.addToolBar(bar)
        self._tool(bar, self.open, tr("Open"))
        for name, text in (("save", tr("Save")), ("doedit", tr("Do-file"))):
            action = window.findChild(QAction, f"action_{name}")
            if action is not None:
                self._tool(bar, action, text)
        bar.addSeparator()
        editor = window.findChild(QAction, "action_edit")
        if editor is not None:
            self._tool(bar, editor, tr("Data editor"))
        manage = window.findChild(QAction, "action_varmanage")
        if manage is not None:
            self._tool(bar, manage, tr("Variables"))
        mixed = window.findChild(QAction, "action_mixed")
        if mixed is not None:
            self._tool(bar, mixed, tr("Mixed model"))
        predict = window.findChild(QAction, "action_predict")
        if predict is not None:
            self._tool(bar, predict, tr("Predict"))
        self._diagnostics_tool(bar)
        self.finder = add_finder(bar, window)

    def _diagnostics_tool(self, bar: QToolBar) -> None:
        """Offer the graphs of the last fit, the same entries as in the Graphics menu."""
        graphics = self._menus[("Graphics",)]
        actions = [a for a in graphics.actions() if a.objectName().startswith("action_diagnostic")]
        button = QToolButton(bar)
        button.setText(tr("Diagnostics"))
        button.setAccessibleName(tr("Diagnostics"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.addActions(actions)
        button.setMenu(menu)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_icon(button, "mdi6.chart-scatter-plot")
        bar.addWidget(button).setText(tr("Diagnostics"))

    def _tool(self, bar: QToolBar, action: QAction, text: str) -> None:
        """Show an action on the bar under a shorter text."""
        action.setIconText(text)
        bar.addAction(action)
        button = bar.widgetForAction(action)
        if button is not None:
            button.setAccessibleName(text)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _add(
        self,
        menu: QMenu,
        text: str,
        call: Callable[..., object],
        icon: str = "",
        shortcut: QKeySequence | QKeySequence.StandardKey | str | None = None,
        *,
        local: bool = False,
    ) -> QAction:
        """Add an entry; a `local` shortcut stays with the widget that has the focus and is only shown."""
        action = menu.addAction(text)
        action.triggered.connect(lambda _checked=False: call())
        if icon:
            set_icon(action, icon)
        if shortcut is not None:
            action.setShortcut(shortcut)
        if local:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        return action
