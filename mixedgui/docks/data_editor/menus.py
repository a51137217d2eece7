"""The context menus of the data editor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from engine.api import Variable
from mixedgui.state.variable_commands import NUMERIC_TYPES


def cell_menu(parent: QWidget, actions: Mapping[str, QAction]) -> QMenu:
    """Return the menu of cells and rows."""
    names = ("copy", "copy_names", "paste", "", "clear", "fill_down", "", "filter_cell", "select_rows",
             "clear_selection", "", "missing_everywhere", "", "add_row", "drop_rows")  # fmt: skip
    return _menu(parent, actions, names)


def column_menu(parent: QWidget, actions: Mapping[str, QAction]) -> QMenu:
    """Return the menu of a heading."""
    names = ("sort_up", "sort_down", "sort_off", "sort_data", "", "pin", "hide", "show_all", "", "rename",
             "new_variable", "drop_columns")  # fmt: skip
    return _menu(parent, actions, names)


def type_menu(menu: QMenu, title: str, variable: Variable, choose: Callable[[str], object], *, editable: bool) -> QMenu:
    """Add the storage types that a column can be given; text keeps its own."""
    types = menu.addMenu(title)
    types.setEnabled(editable and not variable.is_string)
    for storage in NUMERIC_TYPES:
        action = types.addAction(storage)
        action.setCheckable(True)
        action.setChecked(variable.storage == storage)
        action.triggered.connect(lambda _checked=False, word=storage: choose(word))
    return types


def conversion_menu(
    menu: QMenu, title: str, found: Sequence[tuple[str, str]], choose: Callable[[str], object], *, editable: bool
) -> QMenu:
    """Add what the variable of a column can be turned into; each opens the dialog of its command."""
    into = menu.addMenu(title)
    into.setEnabled(editable)
    for text, command in found:
        action = into.addAction(f"{text}…")
        action.setStatusTip(command)
        action.triggered.connect(lambda _checked=False, line=command: choose(line))
    return into


def _menu(parent: QWidget, actions: Mapping[str, QAction], names: tuple[str, ...]) -> QMenu:
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    for name in names:
        if name:
            menu.addAction(actions[name])
        else:
            menu.addSeparator()
    return menu
