"""The state of the `mixed` dialog: the form, what may be done to it, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.api import (
    MIXED,
    Dataset,
    MixedSpec,
    Problem,
    StataError,
    disabled,
    disabled_choices,
    in_force,
    print_mixed,
)
from mixedgui.state.clauses import join
from mixedgui.state.equation_state import EquationState
from mixedgui.state.mixed_form import MixedForm, form_from_text, form_to_text, prefix_text
from mixedgui.state.mixed_problems import problems_in
from mixedgui.state.mixed_reading import read
from mixedgui.state.option_state import OptionState
from mixedgui.state.templates import TemplateModel
from mixedgui.state.translation import declared, tr

EMPTY = MixedSpec(depvar="")


class MixedState(OptionState[MixedForm]):
    """What the dialog holds; every change is one step on its undo stack."""

    def __init__(self, form: MixedForm | None = None) -> None:
        super().__init__(MIXED, form or MixedForm())

    # ---- text and spec

    def to_command(self) -> str:
        """Return the command that Submit would run: canonical when it can be read, else the texts as they stand.

        An option that the others switch off stays in the dialog but not in the command; one that is refused stays in
        both, so that the command says why it cannot run.
        """
        text = form_to_text(self.form)
        spec = read(text)
        return text if isinstance(spec, StataError) else join(prefix_text(self.form), print_mixed(in_force(spec)))

    def load_command(self, text: str) -> None:
        """Fill the dialog from a command; StataError, and nothing changed, when it cannot be read."""
        self.put(form_from_text(text), tr("Load command"))

    def to_spec(self) -> MixedSpec:
        """Return the specification; StataError when the dialog does not hold a valid one yet."""
        spec = read(self.to_command())
        if isinstance(spec, StataError):
            raise spec
        return spec

    def from_spec(self, spec: MixedSpec) -> None:
        """Fill the dialog from a specification."""
        self.load_command(print_mixed(spec))

    # ---- what is wrong, and what is off

    def problems(self, dataset: Dataset) -> list[Problem]:
        """Return everything that keeps the command from running on `dataset`, and warnings after that.

        `Problem.option` names the control; ``equations[2]`` is the third row of the equation list.
        """
        return problems_in(self.form, dataset)

    def disabled_reasons(self) -> dict[str, str]:
        """Return option -> why it has no effect now, for the options that the others switch off."""
        return {name: declared(reason) for name, reason in disabled(self._spec_or_empty()).items()}

    def choice_reasons(self) -> dict[str, dict[str, str]]:
        """Return option -> word -> why that word cannot be chosen now."""
        off = disabled_choices(self._spec_or_empty())
        return {name: {word: declared(reason) for word, reason in words.items()} for name, words in off.items()}

    def _spec_or_empty(self) -> MixedSpec:
        spec = read(form_to_text(self.form))
        return EMPTY if isinstance(spec, StataError) else spec

    # ---- the equation list

    def create_equation(self, equation: EquationState) -> int:
        """Append an equation and return its row."""
        row = len(self.form.equations)
        self._put_equations((*self.form.equations, equation), tr("Create equation {0}").format(row + 1))
        return row

    def add_model(self, model: TemplateModel, name: str) -> int:
        """Add what a template stands for in one step, variables once; return the row of the first equation."""
        form, row = self.form, len(self.form.equations)
        named = re.findall(r"\w+", form.indepvars)
        terms = [term for term in model.terms if term not in named]
        changed = replace(
            form,
            indepvars=join(form.indepvars, *terms),
            equations=(*form.equations, *model.equations),
            residuals=model.residuals or form.residuals,
        )
        self.put(changed, tr("Add {name}").format(name=name))
        return row

    def edit_equation(self, row: int, equation: EquationState) -> None:
        """Replace the equation in `row`."""
        rows = list(self.form.equations)
        rows[row] = equation
        self._put_equations(rows, tr("Edit equation {0}").format(row + 1))

    def duplicate_equation(self, row: int) -> int:
        """Insert a copy under `row` and return its row."""
        rows = list(self.form.equations)
        rows.insert(row + 1, rows[row])
        self._put_equations(rows, tr("Duplicate equation {0}").format(row + 1))
        return row + 1

    def delete_equation(self, row: int) -> None:
        """Remove the equation in `row`."""
        rows = [equation for place, equation in enumerate(self.form.equations) if place != row]
        self._put_equations(rows, tr("Delete equation {0}").format(row + 1))

    def move_equation(self, row: int, to: int) -> int:
        """Move the equation in `row` so that it stands in row `to` (kept within the list); return where it stands."""
        rows = list(self.form.equations)
        to = min(max(to, 0), len(rows) - 1)
        rows.insert(to, rows.pop(row))
        self._put_equations(rows, tr("Move equation {0}").format(row + 1))
        return to

    def enable_equation(self, row: int, on: bool) -> None:
        """Let the equation in `row` take part in the command, or not."""
        equation = replace(self.form.equations[row], enabled=on)
        rows = [equation if place == row else other for place, other in enumerate(self.form.equations)]
        self._put_equations(rows, (tr("Enable equation {0}") if on else tr("Disable equation {0}")).format(row + 1))

    def reorder_levels(self, levels: Sequence[str]) -> None:
        """Put the enabled equations into the order of `levels`, outermost first; disabled rows keep their places.

        Equations of one level stay together and in their order; a level that is not named goes last.
        """
        order = {name: place for place, name in enumerate(levels)}
        ranked = iter(sorted(self.form.active, key=lambda equation: order.get(equation.level_name, len(order))))
        rows = [next(ranked) if equation.enabled else equation for equation in self.form.equations]
        self._put_equations(rows, tr("Swap levels"))

    def cross_levels(self, inner: str, groups: Mapping[str, int]) -> EquationState | None:
        """Return the ``R.`` equation that makes a level crossed with those above it, None where that cannot be written.

        Only a plain random intercept can be one. Of two levels the one with fewer `groups` becomes it, the other as a
        level costs nothing ([ME] mixed, crossed effects).
        """
        active = self.form.active
        names = [equation.level_name for equation in active]
        plain = {
            name
            for name, equation in zip(names, active, strict=True)
            if names.count(name) == 1 and equation == EquationState(level=equation.level)
        }
        candidates = names if len(names) == 2 else [inner]
        ranked = sorted(
            (name for name in candidates if name in plain), key=lambda name: (groups.get(name, 0), name != inner)
        )
        return EquationState(crossed=True, factor=ranked[0]) if ranked else None

    def write_crossed(self, crossed: EquationState) -> None:
        """Put an ``R.`` equation first, in the place of the level that it stands for."""
        rest = [row for row in self.form.equations if not (row.enabled and row.level_name == crossed.factor)]
        self._put_equations([crossed, *rest], tr("Write {0} as crossed").format(crossed.factor))

    def _put_equations(self, rows: Sequence[EquationState], text: str) -> None:
        self.put(replace(self.form, equations=tuple(rows)), text)
