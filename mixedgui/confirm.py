"""The question asked before changed data are given up."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from engine.api import Dataset
from mixedgui.state.translation import tr


def would_be_lost(data: Dataset) -> bool:
    """Tell whether the data differ from any file."""
    return data.changed and bool(data.variables)


def ask_to_give_up(
    window: QWidget,
    *,
    name: str,
    consequence: str,
    verb: str,
    give_up: Callable[[], None],
    save: Callable[[], None],
) -> QMessageBox:
    """Ask, without blocking, whether changed data may be lost.

    `consequence` says what gives the changes up, `verb` is the text of the button that calls `give_up`; another button
    calls `save`, a third does nothing. `name` is the box's object name, `window` what it belongs to.
    """
    box = QMessageBox(window)
    box.setObjectName(name)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setText(tr("The data in memory have changed since they were last saved."))
    box.setInformativeText(consequence)
    box.addButton(verb, QMessageBox.ButtonRole.DestructiveRole).clicked.connect(give_up)
    box.addButton(tr("Save Data…"), QMessageBox.ButtonRole.AcceptRole).clicked.connect(save)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.finished.connect(box.deleteLater)
    box.open()
    return box
