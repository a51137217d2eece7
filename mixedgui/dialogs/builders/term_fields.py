"""The fields of one term: its kind, how its variables enter, and a row for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from engine.api import Choice, Variable
from mixedgui.state.translation import mark, tr
from mixedgui.state.varlist_builder import (
    BASES,
    MOST_POWER,
    MOST_VARIABLES,
    NO_TIME,
    Effect,
    TermKind,
    VarlistBuilder,
)
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding, bind_check, bind_choice, bind_number, bind_text
from mixedgui.widgets.choice_box import ChoiceBox
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.radio_choice import RadioChoice
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.section import Section, label_width
from mixedgui.widgets.variable_edit import VariableEdit

KINDS = (
    Choice("factor", 0, mark("Factor variable"), mark("Each level has a column of its own; also in products.")),
    Choice("polynomial", 0, mark("Polynomial"), mark("A variable with its square, cube and so on.")),
    Choice("plain", 0, mark("Variable as it is"), mark("One column, one slope.")),
    Choice("time", 0, mark("Time series"), mark("Lags, leads and differences.")),
)

EFFECTS = (
    Choice("", 0, mark("Main effect"), mark("One factor by itself.")),
    Choice("#", 0, mark("Interaction (#)"), mark("The product alone.")),
    Choice("##", 0, mark("Full factorial (##)"), mark("The product with all lower products and main effects.")),
)


class TermFields(Section):
    """Shows the term of a `VarlistBuilder`."""

    def __init__(self, state: VarlistBuilder, parent: QWidget) -> None:
        super().__init__(parent)
        self.state = state
        self._kind = RadioChoice("varlist_builder_kind", KINDS, self)
        self._kind.setAccessibleName(tr("Kind of term"))
        self._effect = ChoiceBox(EFFECTS, self)
        self._count = QSpinBox(self)
        self._power = QSpinBox(self)
        self._variables: list[VariableEdit] = []
        self._bases: list[QComboBox] = []
        self._values: list[QLineEdit] = []
        self._continuous: list[QCheckBox] = []
        self._no_time = ReasonButton(self._kind.buttons[3], self, keep_room=False)
        self._no_time.give(tr(NO_TIME))
        self._names = [
            QLabel(tr("Variable") if not i else tr("Variable {0}").format(i + 1), self) for i in range(MOST_VARIABLES)
        ]
        texts = {"term": tr("Term"), "effect": tr("Effect"), "of": tr("of"), "power": tr("Highest power")}
        self._labels = {name: QLabel(text, self) for name, text in texts.items()}
        self._lay_out()
        self._bind()

    def set_variables(self, variables: Sequence[Variable]) -> None:
        """Offer these variables."""
        for edit in self._variables:
            edit.set_variables(variables)

    def first_empty(self) -> QWidget:
        """Return the first field for a variable that is still empty."""
        shown = self._variables[: len(self.state.form.shown)]
        return next((edit for edit in shown if not edit.text().strip()), shown[0])

    def refresh(self) -> None:
        """Show the term."""
        for binding in self.bindings:
            binding.refresh()
        form = self.state.form
        factor = form.kind is TermKind.FACTOR
        crossed = factor and form.effect is not Effect.MAIN
        power = form.kind is TermKind.POLYNOMIAL
        for name, field, shown in (
            ("effect", self._effect, factor),
            ("of", self._count, crossed),
            ("power", self._power, power),
        ):
            self._labels[name].setVisible(shown)
            field.setVisible(shown)
        for place, part in enumerate(form.parts):
            shown = place < len(form.shown)
            self._names[place].setVisible(shown)
            self._variables[place].setVisible(shown)
            self._continuous[place].setVisible(shown and crossed)
            self._bases[place].setVisible(shown and factor and not (part.continuous and crossed))
            self._values[place].setVisible(self._bases[place].isVisibleTo(self) and part.base == "#")

    def _lay_out(self) -> None:
        unit = theme().unit
        describe(self._effect, tr("Effect"), tr("How the variables enter: by themselves, as a product, or both."))
        describe(self._count, tr("Number of variables"), tr("How many variables are multiplied."))
        describe(self._power, tr("Highest power"), tr("2 for the square, 3 for the cube."))
        self._effect.setObjectName("varlist_builder_effect")
        self._count.setObjectName("varlist_builder_count")
        self._power.setObjectName("varlist_builder_power")
        self._count.setRange(2, MOST_VARIABLES)
        self._count.setSuffix(tr(" variables"))
        self._power.setRange(2, MOST_POWER)
        for box in (self._count, self._power):
            box.lineEdit().setTextMargins(unit, 0, 0, 0)
        kinds = QHBoxLayout()
        kinds.setSpacing(unit)
        kinds.addWidget(self._kind)
        kinds.addWidget(self._no_time)
        kinds.addStretch()
        effects = QHBoxLayout()
        effects.setSpacing(3 * unit)
        for widget in (self._effect, self._labels["of"], self._count):
            effects.addWidget(widget)
        effects.addStretch()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(2 * unit)
        grid.addWidget(self._labels["term"], 0, 0)
        grid.addLayout(kinds, 0, 1, 1, 4)
        grid.addWidget(self._labels["effect"], 1, 0)
        grid.addLayout(effects, 1, 1, 1, 4)
        for place in range(MOST_VARIABLES):
            self._add_row(grid, place)
        grid.addWidget(self._labels["power"], MOST_VARIABLES + 2, 0)
        grid.addWidget(self._power, MOST_VARIABLES + 2, 1)
        grid.setColumnMinimumWidth(0, label_width(self, tr("Highest power")))
        grid.setColumnStretch(1, 1)
        self._labels["effect"].setBuddy(self._effect)
        self._labels["power"].setBuddy(self._power)
        self.labels += [*self._kind.buttons, self._labels["effect"], self._names[0], self._labels["power"]]
        self.focus_order = [*self._kind.buttons, self._no_time, self._effect, self._count, *self.focus_order]
        self.focus_order.append(self._power)

    def _add_row(self, grid: QGridLayout, place: int) -> None:
        number = place + 1
        variable = VariableEdit(self, numeric=True)
        variable.setObjectName(f"varlist_builder_variable_{number}")
        variable.setPlaceholderText(tr("choose a variable"))
        describe(
            variable,
            tr("Variable {number}").format(number=number),
            tr("A numeric variable; a factor's values are whole numbers from 0."),
        )
        base = ChoiceBox(
            [Choice(word, 0, tr("Base: {0}").format(tr(label).lower()), tr(text)) for word, label, text in BASES], self
        )
        base.setObjectName(f"varlist_builder_base_{number}")
        describe(
            base,
            tr("Base level of variable {number}").format(number=number),
            tr("The level that the others are compared with."),
        )
        value = QLineEdit(self)
        value.setObjectName(f"varlist_builder_value_{number}")
        value.setPlaceholderText(tr("value"))
        value.setMaximumWidth(20 * theme().unit)
        describe(
            value, tr("Base value of variable {number}").format(number=number), tr("The value that is the base level.")
        )
        continuous = QCheckBox(tr("Continuous"), self)
        continuous.setObjectName(f"varlist_builder_continuous_{number}")
        describe(
            continuous,
            tr("Variable {number} is continuous").format(number=number),
            tr("Multiplied as a number, not level by level."),
        )
        self._names[place].setBuddy(variable)
        for column, widget in enumerate((self._names[place], variable, base, value, continuous)):
            grid.addWidget(widget, place + 2, column)
        self._variables.append(variable)
        self._bases.append(base)
        self._values.append(value)
        self._continuous.append(continuous)
        self.focus_order += [variable, base, value, continuous]

    def _bind(self) -> None:
        self._kind.chosen.connect(lambda word: self.state.set(kind=TermKind(word)))
        self.bindings += [
            Binding(self._kind, lambda: self.state.form.kind.value, self._kind.show_word),
            bind_choice(self._effect, lambda: self.state.form.effect.value, lambda w: self.state.set(effect=Effect(w))),
            bind_number(self._count, lambda: self.state.form.count, lambda n: self.state.set(count=int(n))),
            bind_number(self._power, lambda: self.state.form.power, lambda n: self.state.set(power=int(n))),
        ]
        for place in range(MOST_VARIABLES):
            self._bind_row(place)

    def _bind_row(self, place: int) -> None:
        def read(field: str) -> str:
            return str(getattr(self.state.form.parts[place], field))

        def write(field: str, text: str) -> None:
            self.state.set_part(place, **{field: text})

        self.bindings += [
            bind_text(self._variables[place], partial(read, "variable"), partial(write, "variable")),
            bind_choice(self._bases[place], partial(read, "base"), partial(write, "base")),
            bind_text(self._values[place], partial(read, "value"), partial(write, "value")),
            bind_check(
                self._continuous[place],
                lambda: self.state.form.parts[place].continuous,
                lambda on: self.state.set_part(place, continuous=on),
            ),
        ]
