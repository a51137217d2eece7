"""The group *Residual structure*: type, order, time variable and groups, each shown where the type needs it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGridLayout, QLabel, QSpinBox, QWidget

from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.dialogs.mixed.declared import INDENT, LONGEST_LABEL, choices, option
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.model_parts import FULL, LAGGED, ResidualsState
from mixedgui.state.translation import tr
from mixedgui.state.wording import residuals_kind
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding, bind_check, bind_text
from mixedgui.widgets.choice_box import ChoiceBox
from mixedgui.widgets.fold_group import FoldGroup
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.section import label_width
from mixedgui.widgets.variable_edit import VariableEdit

MOST_LAGS = 50

_IDENTIFIES = frozenset({"unstructured", "banded", "hexchangeable"})
"""Structures whose t() names observations instead of times."""

_NOTES = {"type": "residuals"}
"""Field -> the option under which it is told that it is wrong, where that is not its own name."""


class OrderBox(QSpinBox):
    """An order; below the least number it says Full, where a structure has that."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(theme().unit, 0, 0, 0)

    def show_order(self, residuals: ResidualsState) -> None:
        """Show the order of a structure, with the limits of its kind."""
        lagged = residuals.kind in LAGGED
        text = residuals.order.strip()
        number = int(text) if text.isdigit() else 1 if lagged else -1
        self.setSpecialValueText("" if lagged else FULL)
        self.setRange(1 if lagged else -1, max(MOST_LAGS, number))
        self.setValue(number)

    def order(self) -> str:
        """Return the order as written, empty for Full."""
        return "" if self.value() < 0 else str(self.value())


class ResidualsGroup(FoldGroup):
    """What ``residuals()`` is made of."""

    def __init__(self, state: MixedState, dialog: CommandDialog, parent: QWidget) -> None:
        decl = option("residuals")
        super().__init__("mixed_residuals", "residuals", tr("Residual structure"), decl.help, parent)
        self._state = state
        self._type = ChoiceBox(choices("residuals"), self.body)
        self._type.may_shrink()
        self._order = OrderBox(self.body)
        self._t = VariableEdit(self.body, numeric=True)
        self._by = VariableEdit(self.body)
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        self._why_type = ReasonButton(self._type, self.body, keep_room=False)
        self._lay_out(dialog)
        self._bind()
        self.refreshers.append(self._show)

    def _lay_out(self, dialog: CommandDialog) -> None:
        fields: tuple[tuple[str, str, QWidget, str], ...] = (
            ("type", tr("Type"), self._type, tr("How residuals of one group vary together.")),
            ("order", tr("Order"), self._order, tr("How many lags the structure has; Full keeps all of them.")),
            ("t", tr("Time variable"), self._t, tr("The variable that orders the observations of a group.")),
            ("by", tr("By variable"), self._by, tr("Each value has residual parameters of its own; may stay empty.")),
        )
        unit = theme().unit
        grid = QGridLayout(self.body)
        grid.setContentsMargins(INDENT * unit, 0, 0, 0)
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(unit)
        for row, (name, text, field, help_text) in enumerate(fields):
            label = QLabel(text, self.body)
            label.setBuddy(field)
            field.setObjectName(f"mixed_residuals_{name}")
            describe(field, tr("Residuals: {0}").format(text.lower()), help_text)
            grid.addWidget(label, 2 * row, 0)
            grid.addWidget(field, 2 * row, 1)
            grid.addWidget(dialog.note_under(_NOTES.get(name, f"residuals_{name}"), self.body), 2 * row + 1, 1)
            self._rows[name] = (label, field)
            self.labels.append(label)
            self.focus_order.append(field)
        grid.addWidget(self._why_type, 0, 2)
        self.focus_order.append(self._why_type)
        self._by.setPlaceholderText(tr("none: the same for all"))
        self._t.setPlaceholderText(tr("choose a variable"))
        grid.setColumnMinimumWidth(0, label_width(self, tr(LONGEST_LABEL)) - INDENT * unit)
        grid.setColumnStretch(1, 1)

    def _bind(self) -> None:
        state = self._state

        def write(**changes: Any) -> None:
            state.set_part("residuals", **changes)

        self._type.currentIndexChanged.connect(lambda: write(on=True, kind=str(self._type.currentData())))
        self._order.valueChanged.connect(lambda: write(order=self._order.order()))
        self.bindings += [
            bind_check(self.check, lambda: state.form.residuals.on, lambda on: write(on=on)),
            Binding(self._type, self._kind, lambda word: self._type.setCurrentIndex(self._type.findData(word))),
            Binding(self._order, lambda: state.form.residuals, self._order.show_order),
            bind_text(self._t, lambda: state.form.residuals.t, lambda text: write(t=text)),
            bind_text(self._by, lambda: state.form.residuals.by, lambda text: write(by=text)),
        ]

    def _kind(self) -> str:
        """Return the type in force; none while the group is off, so that any choice switches it on."""
        residuals = self._state.form.residuals
        return residuals.kind if residuals.on else ""

    def _show(self) -> None:
        residuals = self._state.form.residuals
        self.show_content(residuals.on, residuals_kind(residuals.kind if residuals.on else "independent"))
        label, field = self._rows["t"]
        identifies = residuals.kind in _IDENTIFIES
        label.setText(tr("ID variable") if identifies else tr("Time variable"))
        field.setAccessibleName(tr("Residuals: {0}").format(label.text().lower()))
        for name, shown in (("order", residuals.takes_order), ("t", residuals.needs_time)):
            for widget in self._rows[name]:
                widget.setVisible(shown)
        off = self._state.choice_reasons().get("residuals", {})
        self._type.set_reasons(off)
        self._why_type.note(self._type.unavailable(off))
