"""The last part of the page *Model*: constraints and the scaling of weights."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.dialogs.mixed.declared import LONGEST_LABEL, option
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.option_control import make_option_control
from mixedgui.widgets.option_group import heading
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.section import Section, label_width

_LABELS = {"constraints": mark("Constraints"), "pwscale": mark("Weight scaling")}


class FurtherGroup(Section):
    """``constraints()`` and ``pwscale()``."""

    def __init__(self, state: MixedState, dialog: CommandDialog, parent: QWidget) -> None:
        super().__init__(parent)
        unit = theme().unit
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(2 * unit)
        grid.addWidget(heading(tr("Further"), self), 0, 0, 1, 3)
        for row, (name, text) in enumerate((name, tr(text)) for name, text in _LABELS.items()):
            control = make_option_control(option(name), state, "mixed", self)
            label = QLabel(text, self)
            label.setBuddy(control.main)
            reason = ReasonButton(control.main, self, keep_room=False)
            grid.addWidget(label, 2 * row + 1, 0)
            grid.addWidget(control.main, 2 * row + 1, 1)
            grid.addWidget(reason, 2 * row + 1, 2)
            grid.addWidget(dialog.note_under(name, self), 2 * row + 2, 1)
            self.bindings += control.bindings
            self.reasons[name] = reason
            self.labels.append(label)
            self.focus_order += [control.main, reason]
            if isinstance(control.main, QComboBox):
                control.main.setItemText(0, "none")
            elif isinstance(control.main, QLineEdit):
                control.main.setPlaceholderText(tr("numbers, e.g. 1 2"))
        grid.setColumnMinimumWidth(0, label_width(self, tr(LONGEST_LABEL)))
        grid.setColumnStretch(1, 1)
