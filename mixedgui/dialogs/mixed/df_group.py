"""The group *Degrees of freedom*: the method, and for the approximations which information matrix they use."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLabel, QRadioButton, QWidget

from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.dialogs.mixed.declared import INDENT, LONGEST_LABEL, choices, label_of, option
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding, bind_check
from mixedgui.widgets.choice_box import ChoiceBox
from mixedgui.widgets.fold_group import FoldGroup
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.section import label_width

_INFORMATION = (
    ("eim", mark("Expected"), mark("The approximation rests on the expected information matrix. The default.")),
    ("oim", mark("Observed"), mark("The approximation rests on the observed information matrix.")),
)


class DfGroup(FoldGroup):
    """What ``dfmethod()`` is made of."""

    def __init__(self, state: MixedState, dialog: CommandDialog, parent: QWidget) -> None:
        decl = option("dfmethod")
        super().__init__("mixed_dfmethod_on", "dfmethod", tr("Degrees of freedom"), decl.help, parent)
        self._state = state
        self._method = ChoiceBox(choices("dfmethod"), self.body)
        self._method.may_shrink()
        self._method.setObjectName("mixed_dfmethod")
        describe(self._method, tr("Method for degrees of freedom"), decl.help)
        self._why = ReasonButton(self._method, self.body, keep_room=False)
        self._radios: dict[str, QRadioButton] = {}
        self._information = QWidget(self.body)
        self._information_label = QLabel(tr("Information"), self.body)
        self._lay_out(dialog)
        self._bind()
        self.refreshers.append(self._show)

    def _lay_out(self, dialog: CommandDialog) -> None:
        unit = theme().unit
        grid = QGridLayout(self.body)
        grid.setContentsMargins(INDENT * unit, 0, 0, 0)
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(unit)
        label = QLabel(tr("Method"), self.body)
        label.setBuddy(self._method)
        row = QHBoxLayout(self._information)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4 * unit)
        group = QButtonGroup(self)
        for word, text, help_text in _INFORMATION:
            radio = QRadioButton(tr(text), self._information)
            radio.setObjectName(f"mixed_dfmethod_{word}")
            describe(radio, tr("{text} information matrix").format(text=tr(text)), help_text)
            group.addButton(radio)
            row.addWidget(radio)
            self._radios[word] = radio
        row.addStretch()
        grid.addWidget(label, 0, 0)
        grid.addWidget(self._method, 0, 1)
        grid.addWidget(self._why, 0, 2)
        grid.addWidget(dialog.note_under("dfmethod", self.body), 1, 1)
        grid.addWidget(self._information_label, 2, 0)
        grid.addWidget(self._information, 2, 1)
        grid.setColumnMinimumWidth(0, label_width(self, tr(LONGEST_LABEL)) - INDENT * unit)
        grid.setColumnStretch(1, 1)
        self.labels += [label, *self._radios.values()]
        self.focus_order += [self._method, self._why, *self._radios.values()]

    def _bind(self) -> None:
        state = self._state

        def write(**changes: Any) -> None:
            state.set_part("df", **changes)

        method, eim = self._method, self._radios["eim"]
        method.currentIndexChanged.connect(lambda: write(on=True, method=str(method.currentData())))
        self.bindings += [
            bind_check(self.check, lambda: state.form.df.on, lambda on: write(on=on)),
            Binding(method, self._word, lambda word: method.setCurrentIndex(method.findData(word))),
            bind_check(self._radios["oim"], lambda: state.form.df.oim, lambda on: write(oim=on)),
            Binding(eim, lambda: not state.form.df.oim, eim.setChecked),
        ]

    def _word(self) -> str:
        """Return the method in force; none while the group is off, so that any choice switches it on."""
        df = self._state.form.df
        return df.method if df.on else ""

    def _show(self) -> None:
        df = self._state.form.df
        self.show_content(df.on, label_of("dfmethod", df.method) if df.on else tr("large sample (z)"))
        for widget in (self._information_label, self._information):
            widget.setVisible(df.approximate)
        off = self._state.choice_reasons().get("dfmethod", {})
        self._method.set_reasons(off)
        self._why.note(self._method.unavailable(off))
