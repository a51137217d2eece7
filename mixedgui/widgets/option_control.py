"""The control for one option, made from its declaration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from engine.api import OptionDecl, OptionKind, Picks
from mixedgui.state.option_values import OptionValues
from mixedgui.state.translation import counted, shown
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding, bind_check, bind_choice, bind_number, bind_text
from mixedgui.widgets.choice_box import ChoiceBox
from mixedgui.widgets.combo_edit import ComboEdit
from mixedgui.widgets.expression_edit import ExpressionEdit
from mixedgui.widgets.marked_edit import MarkedEdit
from mixedgui.widgets.pick_edit import PickEdit
from mixedgui.widgets.variable_edit import VariableEdit
from mixedgui.widgets.varlist_edit import VarlistEdit

LARGEST = 2**31 - 1


class OptionForm(Protocol):
    """A form that holds options."""

    @property
    def options(self) -> OptionValues:
        """The options that are on."""


class OptionHost(Protocol):
    """A state whose options can be switched."""

    @property
    def form(self) -> OptionForm:
        """The content as it stands."""

    def set_option(self, name: str, argument: str | None = None) -> None:
        """Switch an option on."""

    def clear_option(self, *names: str) -> None:
        """Switch options off."""

    def choose_option(self, names: Sequence[str], chosen: str) -> None:
        """Switch on one of several options, or none (an empty name)."""


@dataclass(slots=True)
class OptionControl:
    """A control with what ties it to the state.

    Attributes
    ----------
    main
        The widget that carries the option's object name.
    field
        A second widget for the argument of an option that may also stand bare, else None.
    """

    decl: OptionDecl
    main: QWidget
    bindings: tuple[Binding[Any], ...]
    field: QWidget | None = None


def option_label(decl: OptionDecl) -> str:
    """Return the words beside the control."""
    return shown(decl.label) or decl.name


def make_option_control(decl: OptionDecl, host: OptionHost, prefix: str, parent: QWidget) -> OptionControl:
    """Make the control of an option; its object name is ``<prefix>_<option>``."""
    name = decl.name
    if decl.kind is OptionKind.FLAG or decl.bare:
        control = _switch(decl, host, prefix, parent)
    elif decl.kind is OptionKind.CHOICE:
        control = _choice(decl, host, parent)
    elif decl.kind in {OptionKind.INTEGER, OptionKind.REAL} and isinstance(decl.default, int | float):
        control = _number(decl, host, parent)
    else:
        edit = _edit(decl, parent)
        control = OptionControl(decl, edit, (bind_text(edit, _argument(host, name), _write_text(host, name)),))
    control.main.setObjectName(f"{prefix}_{name}")
    for widget in (control.main, control.field):
        if widget is not None:
            describe(widget, option_label(decl), decl.help)
    return control


def describe(widget: QWidget, name: str, help_text: str) -> None:
    """Give a control its accessible name and its one sentence of help, which is the tooltip too."""
    name, help_text = shown(name), shown(help_text)
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(help_text)
    widget.setToolTip(help_text)
    widget.setWhatsThis(help_text)


def _argument(host: OptionHost, name: str) -> Callable[[], str]:
    return lambda: host.form.options.argument(name)


def _write_text(host: OptionHost, name: str) -> Callable[[str], None]:
    def write(text: str) -> None:
        if text.strip():
            host.set_option(name, text)
        else:
            host.clear_option(name)

    return write


def _switch(decl: OptionDecl, host: OptionHost, prefix: str, parent: QWidget) -> OptionControl:
    box = QCheckBox(option_label(decl), parent)
    name = decl.name
    field = _edit(decl, parent) if decl.kind is not OptionKind.FLAG else None

    def write(on: bool) -> None:
        if on:
            host.set_option(name, (field.text().strip() or None) if field is not None else None)
        else:
            host.clear_option(name)

    bindings: list[Binding[Any]] = [bind_check(box, lambda: host.form.options.has(name), write)]
    if field is not None:
        field.setObjectName(f"{prefix}_{name}_argument")

        def write_argument(text: str) -> None:
            host.set_option(name, text.strip() or None)

        bindings.append(bind_text(field, _argument(host, name), write_argument))
    return OptionControl(decl, box, tuple(bindings), field)


def _choice(decl: OptionDecl, host: OptionHost, parent: QWidget) -> OptionControl:
    """Make a list whose first entry is the default, which is not written."""
    default = next((c.label for c in decl.choices if c.word == decl.default), "")
    choices = [choice for choice in decl.choices if choice.word != decl.default]
    box = ChoiceBox(choices, parent, none=default or "default")
    binding = bind_choice(box, _argument(host, decl.name), _write_text(host, decl.name))
    return OptionControl(decl, box, (binding,))


def _number(decl: OptionDecl, host: OptionHost, parent: QWidget) -> OptionControl:
    """Make a spin box; a small real number, which a spin box shows badly, gets a text field with its default."""
    default = float(decl.default or 0)
    if decl.kind is OptionKind.REAL and (decl.low is None or decl.high is None or abs(default) < 0.01):
        edit = QLineEdit(parent)
        edit.setPlaceholderText(f"{default:g}")
        return OptionControl(decl, edit, (bind_text(edit, _argument(host, decl.name), _write_text(host, decl.name)),))
    box: QSpinBox | QDoubleSpinBox
    if decl.kind is OptionKind.INTEGER:
        box = QSpinBox(parent)
        box.setRange(int(decl.low or 0), int(min(decl.high or LARGEST, LARGEST)))
    else:
        box = QDoubleSpinBox(parent)
        box.setDecimals(2)
        box.setRange(float(decl.low or 0), float(decl.high or LARGEST))
    box.lineEdit().setTextMargins(theme().unit, 0, 0, 0)

    def read() -> float:
        text = host.form.options.argument(decl.name)
        try:
            return float(text)
        except ValueError:
            return default

    def write(value: float) -> None:
        if value == default:
            host.clear_option(decl.name)
        else:
            host.set_option(decl.name, f"{value:.10g}")

    return OptionControl(decl, box, (bind_number(box, read, write),))


DECIMALS = {"cformat": 5, "pformat": 4, "sformat": 3}
"""Option -> how many decimals are suggested for its numbers."""


def _suggestions(decl: OptionDecl) -> list[tuple[str, str]]:
    """Return what a field suggests: the words of a declaration, formats by their decimals."""
    if decl.kind is OptionKind.FORMAT:
        width = int(decl.high or 9)
        return [
            (f"%{width}.{d}f", counted(d, "{n} decimal", "{n} decimals")) for d in range(DECIMALS.get(decl.name, 5) + 1)
        ]
    return [(choice.word, choice.help or choice.label) for choice in decl.choices]


def _edit(decl: OptionDecl, parent: QWidget) -> MarkedEdit | ComboEdit | QLineEdit:
    if decl.picks is not Picks.NOTHING:
        return PickEdit(decl.picks, parent)
    match decl.kind:
        case OptionKind.VARIABLE:
            return VariableEdit(parent)
        case OptionKind.VARIABLES:
            return VarlistEdit(parent)
        case OptionKind.EXPRESSION:
            return ExpressionEdit(parent)
    suggestions = _suggestions(decl)
    edit = ComboEdit(suggestions, parent) if suggestions else QLineEdit(parent)
    if decl.default is not None or suggestions:
        edit.setPlaceholderText(str(decl.default or "default"))
    return edit
