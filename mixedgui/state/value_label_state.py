"""The content of the value label editor: numbers and their words, and the commands that define them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.api import Dataset, Variable, missing_value
from mixedgui.state import variable_commands as commands
from mixedgui.state.cell_edit import number_text
from mixedgui.state.translation import tr
from mixedgui.state.undo import Undoable
from mixedgui.state.variable_commands import NotWritable

_NAME = re.compile(r"[^\W\d]\w{0,31}")
_WHOLE = re.compile(r"-?\d{1,10}")
_MISSING = re.compile(r"\.[a-z]")
LARGEST = 2_147_483_620


@dataclass(frozen=True, slots=True)
class LabelForm:
    """Name of the value label, rows of number and word as typed, and the variables it goes to."""

    name: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    attach: tuple[str, ...] = ()


class ValueLabelState(Undoable[LabelForm]):
    """One value label as it is edited.

    Attributes
    ----------
    dataset
        The data whose labels are edited.
    """

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(LabelForm())
        self.dataset = dataset

    def load(self, name: str, attach: tuple[str, ...] = ()) -> None:
        """Show a value label of the data."""
        entry = self.dataset.value_labels.get(name)
        rows = tuple((number_text(value), text) for value, text in entry.texts.items()) if entry else ()
        self.put(LabelForm(name, rows, attach), tr("Show {name}").format(name=name))

    def start(self, variable: Variable) -> None:
        """Begin a value label for a variable, with a row for each of its few values."""
        values = self._few_values(variable)
        name = variable.name[:32]
        self.put(
            LabelForm(name, tuple((value, "") for value in values), (variable.name,)),
            tr("New label for {name}").format(name=name),
        )

    def set_name(self, name: str) -> None:
        """Change the name."""
        self.put(replace(self.form, name=name), tr("Change the name"), merge="name")

    def set_row(self, row: int, *, number: str | None = None, word: str | None = None) -> None:
        """Change a row; one beyond the last is added."""
        rows = list(self.form.rows)
        if row >= len(rows):
            rows.append(("", ""))
            row = len(rows) - 1
        old = rows[row]
        rows[row] = (old[0] if number is None else number, old[1] if word is None else word)
        self.put(replace(self.form, rows=tuple(rows)), tr("Change row {0}").format(row + 1))

    def remove_row(self, row: int) -> None:
        """Take a row out."""
        rows = self.form.rows
        self.put(replace(self.form, rows=rows[:row] + rows[row + 1 :]), tr("Remove row {0}").format(row + 1))

    def problems(self) -> list[str]:
        """Return what keeps the label from being defined."""
        form, found = self.form, []
        if not _NAME.fullmatch(form.name):
            found.append(tr("Give the value label a name: letters, digits and _, no digit first."))
        seen: set[str] = set()
        for number, word in form.rows:
            if not word.strip() and not number.strip():
                continue
            text = number.strip()
            if not (_MISSING.fullmatch(text) or (_WHOLE.fullmatch(text) and abs(int(text)) <= LARGEST)):
                found.append(
                    tr("{0} cannot have a label: values are whole numbers, or .a to .z.").format(
                        text or tr("An empty field")
                    )
                )
            elif text in seen:
                found.append(tr("{text} stands in two rows.").format(text=text))
            seen.add(text)
            try:
                commands.label_literal(word)
            except NotWritable as problem:
                found.append(str(problem))
        if not any(word.strip() for _, word in form.rows):
            found.append(tr("Give at least one value a word."))
        return found

    def to_commands(self) -> list[str]:
        """Return the commands that define the label and attach it; none while there are problems."""
        if self.problems():
            return []
        form = self.form
        exists = form.name in self.dataset.value_labels
        lines: list[str] = []
        texts = self._texts()
        if not exists or dict(self.dataset.value_labels[form.name].texts) != texts:
            lines.append(commands.define_values(form.name, texts, exists=exists))
        attached = [n for n in form.attach if n in self.dataset and self.dataset.variable(n).value_label != form.name]
        if attached:
            lines.append(commands.attach_values(attached, form.name))
        return lines

    def users(self) -> tuple[str, ...]:
        """Return the variables that the label is attached to."""
        return tuple(v.name for v in self.dataset.variables if v.value_label and v.value_label == self.form.name)

    def _texts(self) -> Mapping[float, str]:
        texts: dict[float, str] = {}
        for number, word in self.form.rows:
            text = number.strip()
            if text and word.strip():
                texts[missing_value(text[1]) if text.startswith(".") else float(text)] = word.strip()
        return dict(sorted(texts.items()))

    def _few_values(self, variable: Variable) -> list[str]:
        if variable.is_string:
            return []
        values = np.unique(self.dataset.numeric(variable.name))
        if len(values) > 30 or bool((values != np.floor(values)).any()):
            return []
        return [number_text(float(value)) for value in values if number_text(float(value)) != "."]
