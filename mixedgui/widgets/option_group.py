"""A page of options laid out from their declarations."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from engine.api import OptionDecl, OptionKind
from mixedgui.state.translation import shown
from mixedgui.theme import theme
from mixedgui.widgets.option_control import OptionControl, OptionHost, describe, make_option_control, option_label
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.section import Section

_SHORT = {OptionKind.INTEGER, OptionKind.REAL, OptionKind.FORMAT, OptionKind.NAME}
"""Kinds whose fields need little room."""


def heading(text: str, parent: QWidget) -> QLabel:
    """Return the head of a section."""
    label = QLabel(shown(text), parent)
    label.setFont(theme().font(bold=True))
    return label


class OptionGroup(Section):
    """Fields above, switches below in columns; each with the reason why it is off, when it is.

    Parameters
    ----------
    declared
        The options, in the order shown.
    host
        The state that holds them.
    prefix
        First part of the object names.
    columns
        Number of columns of switches.
    """

    def __init__(
        self,
        declared: Sequence[OptionDecl],
        host: OptionHost,
        prefix: str,
        parent: QWidget | None = None,
        *,
        columns: int = 2,
    ) -> None:
        super().__init__(parent)
        self.controls: list[OptionControl] = []
        self._widgets: dict[str, list[QWidget]] = {}
        self._host = host
        self._prefix = prefix
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(2 * theme().unit)
        fields = [decl for decl in declared if decl.kind is not OptionKind.FLAG]
        switches = [decl for decl in declared if decl.kind is OptionKind.FLAG]
        if fields:
            self._outer.addLayout(self._field_grid(fields))
        if switches:
            self._outer.addLayout(self._switch_grid(switches, columns))

    grid: QGridLayout | None = None
    """Labels and fields, if there are any."""

    def _field_grid(self, declared: Sequence[OptionDecl]) -> QGridLayout:
        grid = self.grid = QGridLayout()
        grid.setHorizontalSpacing(2 * theme().unit)
        grid.setVerticalSpacing(theme().unit)
        for row, decl in enumerate(declared):
            control = self._add(decl)
            if control.field is not None and isinstance(control.main, QAbstractButton):
                grid.addWidget(control.main, row, 0)
                grid.addWidget(control.field, row, 1)
                self.labels.append(control.main)
                self.focus_order += [control.main, control.field]
            else:
                label = QLabel(option_label(decl), self)
                label.setBuddy(control.main)
                self.labels.append(label)
                self.focus_order.append(control.main)
                self._widgets[decl.name].append(label)
                grid.addWidget(label, row, 0)
                grid.addWidget(control.main, row, 1)
                if decl.kind in _SHORT:
                    control.main.setMaximumWidth(36 * theme().unit)
            grid.addWidget(self.reasons[decl.name], row, 2)
            self.focus_order.append(self.reasons[decl.name])
        grid.setColumnStretch(1, 1)
        return grid

    def _switch_grid(self, declared: Sequence[OptionDecl], columns: int) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(6 * theme().unit)
        grid.setVerticalSpacing(theme().unit)
        rows = -(-len(declared) // columns)
        for place, decl in enumerate(declared):
            control = self._add(decl)
            cell = QHBoxLayout()
            cell.setSpacing(theme().unit)
            cell.addWidget(control.main)
            cell.addWidget(self.reasons[decl.name])
            cell.addStretch()
            grid.addLayout(cell, place % rows, place // rows)
            if isinstance(control.main, QAbstractButton):
                self.labels.append(control.main)
            self.focus_order += [control.main, self.reasons[decl.name]]
        for column in range(columns):
            grid.setColumnStretch(column, 1)
        return grid

    def _add(self, decl: OptionDecl) -> OptionControl:
        control = make_option_control(decl, self._host, self._prefix, self)
        self.controls.append(control)
        self.bindings += control.bindings
        self.reasons[decl.name] = ReasonButton(control.main, self)
        shown = [control.main, control.field, self.reasons[decl.name]]
        self._widgets[decl.name] = [widget for widget in shown if widget is not None]
        return control

    def hide_options(self, names: Collection[str]) -> None:
        """Hide the options named and show the others; a reason shows only where there is one."""
        for name, widgets in self._widgets.items():
            self.reasons[name].keep_room(name not in names)
            for widget in widgets:
                reason = self.reasons[name]
                widget.setVisible(name not in names and (widget is not reason or bool(reason.accessibleDescription())))
        self._outer.activate()  # what is asked for its size at once does not get the earlier one
        self.updateGeometry()


class ExclusiveGroup(Section):
    """Radio buttons for options that exclude each other.

    Parameters
    ----------
    declared
        The options, the default first.
    vertical
        One below the other instead of side by side.
    always
        Whether the default is written out too.
    none
        Label and help of a default that no option stands for; it comes before the options declared.
    """

    def __init__(
        self,
        declared: Sequence[OptionDecl],
        host: OptionHost,
        prefix: str,
        parent: QWidget | None = None,
        *,
        vertical: bool = False,
        always: bool = False,
        none: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._always = always
        self._names = ("", *(decl.name for decl in declared)) if none else tuple(decl.name for decl in declared)
        row = QVBoxLayout(self) if vertical else QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing((1 if vertical else 4) * theme().unit)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QRadioButton] = {}
        if none:
            self._add(f"{prefix}_{declared[0].name}_none", *none, row)
        for decl in declared:
            self._add(f"{prefix}_{decl.name}", option_label(decl), decl.help, row)
        row.addStretch()
        self._group.idToggled.connect(self._toggled)
        self.refreshers.append(self.refresh)

    def _add(self, name: str, label: str, help_text: str, row: QBoxLayout) -> None:
        """Add a button; all but the default, which is always there, can say why they are off."""
        option = self._names[len(self.buttons)]
        button = QRadioButton(shown(label), self)
        button.setObjectName(name)
        describe(button, label, help_text)
        self._group.addButton(button, len(self.buttons))
        cell = QHBoxLayout()
        cell.setSpacing(theme().unit)
        cell.addWidget(button)
        self.labels.append(button)
        self.focus_order.append(button)
        if self.buttons:
            reason = ReasonButton(button, self, keep_room=False)
            self.reasons[option] = reason
            self.focus_order.append(reason)
            cell.addWidget(reason)
        self.buttons[option] = button
        row.addLayout(cell)

    def hide_options(self, names: Collection[str]) -> None:
        """Hide the options named and show the others; a reason shows only where there is one."""
        for name, button in self.buttons.items():
            button.setVisible(name not in names)
            reason = self.reasons.get(name)
            if reason is not None:
                reason.setVisible(name not in names and bool(reason.accessibleDescription()))

    def refresh(self) -> None:
        """Show which option is on."""
        options = self._host.form.options
        place = next((i for i, name in enumerate(self._names) if i and options.has(name)), 0)
        self._group.blockSignals(True)
        self._group.button(place).setChecked(True)
        self._group.blockSignals(False)

    def _toggled(self, place: int, on: bool) -> None:
        if on:
            self._host.choose_option(self._names, self._names[place] if place or self._always else "")
