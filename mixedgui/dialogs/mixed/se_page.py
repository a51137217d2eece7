"""The page *SE/Robust*: how standard errors are computed."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.dialogs.mixed.declared import choices, option
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.translation import shown, tr
from mixedgui.theme import theme
from mixedgui.widgets.binding import bind_choice, bind_text
from mixedgui.widgets.choice_box import ChoiceBox
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.option_group import heading
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.section import Section
from mixedgui.widgets.tinted_label import TintedLabel
from mixedgui.widgets.variable_edit import VariableEdit


class StandardErrorsPage(Section):
    """``vce()`` and the cluster variable."""

    def __init__(self, state: MixedState, dialog: CommandDialog, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        unit, decl = theme().unit, option("vce")
        words = choices("vce")
        default = next(choice for choice in words if choice.word == decl.default)
        self._type = ChoiceBox([word for word in words if word is not default], self, none=default.label)
        self._type.setObjectName("mixed_vce")
        describe(self._type, decl.label, decl.help)
        self._cluster = VariableEdit(self)
        self._cluster.setObjectName("mixed_vce_cluster")
        self._cluster.setPlaceholderText(tr("choose a variable"))
        describe(
            self._cluster, tr("Cluster variable"), tr("Its values name the clusters; they contain the highest level.")
        )
        self._why, self._why_cluster = ReasonButton(self._type, self), ReasonButton(self._cluster, self)
        self.reasons["vce"] = self._why
        self._says = TintedLabel("", "text2", self, factor=0.92)
        self._says.setWordWrap(True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(2 * unit)
        rows = (
            (shown(decl.label), self._type, self._why, "vce"),
            (tr("Cluster variable"), self._cluster, self._why_cluster, "vce_cluster"),
        )
        for row, (text, field, reason, name) in enumerate(rows):
            label = QLabel(text, self)
            label.setBuddy(field)
            grid.addWidget(label, 2 * row, 0)
            grid.addWidget(field, 2 * row, 1)
            grid.addWidget(reason, 2 * row, 2)
            grid.addWidget(dialog.note_under(name, self), 2 * row + 1, 1)
            self.labels.append(label)
            self.focus_order += [field, reason]
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(3, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        column.setSpacing(2 * unit)
        column.addWidget(heading(tr("Standard errors"), self))
        column.addLayout(grid)
        column.addWidget(self._says)
        column.addStretch()
        self.bindings += [
            bind_choice(self._type, lambda: state.form.vce.kind, lambda word: state.set_part("vce", kind=word)),
            bind_text(self._cluster, lambda: state.form.vce.cluster, lambda t: state.set_part("vce", cluster=t)),
        ]
        self.refreshers.append(self._show)

    def _show(self) -> None:
        state = self._state
        off = state.choice_reasons().get("vce", {})
        self._type.set_reasons(off)
        self._why.note(self._type.unavailable(off))
        whole = state.disabled_reasons().get("vce", "")
        none = "" if state.form.vce.clustered else tr("Only clustered standard errors need a variable.")
        self._why_cluster.give(whole or off.get("cluster", "") or none)
        word = state.form.vce.kind or str(option("vce").default)
        self._says.setText(next((shown(choice.help) for choice in choices("vce") if choice.word == word), ""))
