"""Number formats by their choices: decimals, decimal comma, thousands separator, leading zeros; or as typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QWidget

from engine.api import OptionDecl
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.number_format import NumberFormat
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding
from mixedgui.widgets.option_control import DECIMALS, describe, make_option_control, option_label
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.section import Section, label_width
from mixedgui.widgets.tinted_label import TintedLabel

_FLAGS = (
    ("comma", mark("Decimal comma"), mark("A comma between whole numbers and decimals.")),
    ("thousands", mark("Thousands separator"), mark("Groups of three digits set apart.")),
    ("zeros", mark("Leading zeros"), mark("Zeros up to the width of the format.")),
)


class FormatRows(Section):
    """A row for each format."""

    def __init__(self, declared: list[OptionDecl], state: MixedState, parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        unit = theme().unit
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(2 * unit)
        for column, text in enumerate(("", tr("Decimals"), "", "", "", tr("Format"))):
            grid.addWidget(TintedLabel(text, "text2", self, factor=0.92), 0, column)
        for row, decl in enumerate(declared, 1):
            self._add_row(grid, row, decl)
        grid.setColumnStretch(5, 1)

    def _add_row(self, grid: QGridLayout, row: int, decl: OptionDecl) -> None:
        control = make_option_control(decl, self._state, "mixed", self)
        label = QLabel(option_label(decl), self)
        label.setBuddy(control.main)
        label.setMinimumWidth(label_width(label, label.text()))
        control.main.setMinimumWidth(28 * theme().unit)
        box = QComboBox(self)
        box.setObjectName(f"mixed_{decl.name}_decimals")
        describe(box, tr("Decimals: {0}").format(option_label(decl).lower()), tr("How many decimals are printed."))
        box.addItem(tr("default"), None)
        for number in range(DECIMALS.get(decl.name, 5) + 1):
            box.addItem(str(number), number)
        box.currentIndexChanged.connect(lambda: self._write(decl, decimals=box.currentData()))
        flags = [self._flag(decl, name, tr(text), tr(help_text)) for name, text, help_text in _FLAGS]
        reason = ReasonButton(control.main, self)
        for column, widget in enumerate((label, box, *flags, control.main, reason)):
            grid.addWidget(widget, row, column)
        self.bindings += [*control.bindings, Binding(box, lambda: self._format(decl), self._show_in(box))]
        self.reasons[decl.name] = reason
        self.labels.append(label)
        self.focus_order += [box, *flags, control.main, reason]

    def _flag(self, decl: OptionDecl, name: str, text: str, help_text: str) -> QCheckBox:
        check = QCheckBox(text, self)
        check.setObjectName(f"mixed_{decl.name}_{name}")
        describe(check, f"{text}: {option_label(decl).lower()}", help_text)
        check.toggled.connect(lambda on: self._write(decl, **{name: on}))

        def show(found: NumberFormat | None) -> None:
            made = found is not None and found.decimals is not None
            check.setEnabled(made)
            off = tr("Not available now: choose a number of decimals first.")
            check.setToolTip(help_text if made else off)
            check.setAccessibleDescription(help_text if made else off)
            check.setChecked(bool(found is not None and getattr(found, name)))

        self.bindings.append(Binding(check, lambda: self._format(decl), show))
        return check

    def _format(self, decl: OptionDecl) -> NumberFormat | None:
        return NumberFormat.from_text(self._state.form.options.argument(decl.name))

    def _show_in(self, box: QComboBox) -> Any:
        def show(found: NumberFormat | None) -> None:
            place = box.findData(found.decimals) if found is not None and found.decimals is not None else 0
            box.setCurrentIndex(place if found is not None else -1)

        return show

    def _write(self, decl: OptionDecl, **changes: Any) -> None:
        form = replace(self._format(decl) or NumberFormat(), **changes)
        text = form.to_text(int(decl.high or 9))
        if text:
            self._state.set_option(decl.name, text)
        else:
            self._state.clear_option(decl.name)
