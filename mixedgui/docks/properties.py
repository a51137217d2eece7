"""The Properties pane: what is known about the current variable and about the data set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from engine.api import Dataset, Variable, format_value, is_missing, shown_numbers
from mixedgui.state.translation import tr
from mixedgui.theme import theme
from mixedgui.widgets.pane import Pane
from mixedgui.widgets.tinted_label import TintedLabel

Facts = list[tuple[str, str]]


def variable_facts(dataset: Dataset, variable: Variable) -> Facts:
    """Return label, type, format, value label, range and notes of a variable."""
    facts = [
        (tr("Label"), variable.label or tr("none")),
        (tr("Type"), variable.storage),
        (tr("Format"), variable.format),
        (tr("Value label"), variable.value_label or tr("none")),
        (tr("Range"), _range(dataset, variable)),
    ]
    if variable.notes:
        facts.append((tr("Notes"), "\n".join(variable.notes)))
    return facts


def data_facts(dataset: Dataset) -> Facts:
    """Return file, label, size, order and memory of a data set."""
    facts = [
        (tr("File"), Path(dataset.path).name if dataset.path else tr("not saved")),
        (tr("Label"), dataset.label or tr("none")),
        (tr("Observations"), shown_numbers(f"{dataset.n_obs:,}")),
        (tr("Variables"), f"{len(dataset.variables):,}"),
        (tr("Sorted by"), " ".join(dataset.sorted_by) or tr("not sorted")),
        (tr("Memory"), memory_text(sum(column.nbytes for column in dataset.columns.values()))),
    ]
    if dataset.changed:
        facts.append((tr("Changed"), tr("since it was opened")))
    if dataset.notes:
        facts.append((tr("Notes"), "\n".join(dataset.notes)))
    return facts


def memory_text(n_bytes: int) -> str:
    """Return a size in the unit it is read in."""
    for unit, size in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if n_bytes >= size:
            value = n_bytes / size
            return f"{value:.1f} {unit}" if value < 9.95 else f"{value:.0f} {unit}"
    return tr("{n} bytes").format(n=n_bytes)


def _range(dataset: Dataset, variable: Variable) -> str:
    if variable.is_string:
        texts = dataset.texts(variable.name)
        empty = sum(1 for text in texts if not text)
        longest = max((len(text) for text in texts), default=0)
        return tr("up to {longest} characters, {0} empty").format(_count(empty), longest=longest)
    values = dataset.numeric(variable.name)
    absent = is_missing(values)
    n_absent = int(np.count_nonzero(absent))
    present = values[~absent] if n_absent else values
    if not len(present):
        return tr("no values")
    low, high = (shown_numbers(format_value(float(v), variable.format).strip()) for v in (present.min(), present.max()))
    return tr("{low} to {high}, {n} missing").format(low=low, high=high, n=_count(n_absent))


def _count(number: int) -> str:
    return f"{number:,}" if number else tr("none")


class PropertiesPane(Pane):
    """Two short lists of facts, refreshed when variable or data change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("properties", parent)
        self.setWindowTitle(self.tr("Properties"))
        self._dataset = Dataset()
        self._variable: Variable | None = None
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("properties_list")
        self._scroll.setAccessibleName(self.tr("Properties of variable and data"))
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.column.addWidget(self._scroll)
        self.set_main(self._scroll)
        self._rebuild()

    def set_dataset(self, dataset: Dataset) -> None:
        """Show the facts of `dataset`."""
        if dataset is not self._dataset:
            self._dataset = dataset
            if self._variable is not None and self._variable not in dataset.variables:
                self._variable = None
            self._rebuild()

    def set_variable(self, variable: object) -> None:
        """Show the facts of a variable of the data set, of none with None."""
        wanted = variable if isinstance(variable, Variable) else None
        if wanted is not self._variable:
            self._variable = wanted
            self._rebuild()

    def text(self) -> str:
        """Return what is shown, one fact per line."""
        return "\n".join(
            " ".join((title, *(f"\n{name}: {value}" for name, value in facts))) for title, facts in self._sections()
        )

    def _sections(self) -> list[tuple[str, Facts]]:
        sections: list[tuple[str, Facts]] = []
        dataset, variable = self._dataset, self._variable
        if variable is not None and variable in dataset.variables:
            sections.append((self.tr("Variable {0}").format(variable.name), variable_facts(dataset, variable)))
        if dataset.variables:
            name = Path(dataset.path).stem if dataset.path else self.tr("in memory")
            sections.append((self.tr("Data {0}").format(name), data_facts(dataset)))
        return sections

    def _rebuild(self) -> None:
        unit = theme().unit
        page = QWidget()
        page.setAutoFillBackground(True)
        page.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(page)
        column.setContentsMargins(3 * unit, 3 * unit, 3 * unit, 3 * unit)
        column.setSpacing(2 * unit)
        sections = self._sections()
        for number, (title, facts) in enumerate(sections):
            if number:
                line = QFrame(page)
                line.setFrameShape(QFrame.Shape.HLine)
                line.setFrameShadow(QFrame.Shadow.Plain)
                line.setForegroundRole(QPalette.ColorRole.Light)
                column.addWidget(line)
            column.addWidget(TintedLabel(title, "text", page, bold=True))
            column.addLayout(_fact_grid(facts, page))
        if not sections:
            column.addWidget(TintedLabel(self.tr("No data yet."), "text2", page))
        column.addStretch(1)
        self._scroll.setWidget(page)


def _fact_grid(facts: Facts, parent: QWidget) -> QGridLayout:
    unit = theme().unit
    grid = QGridLayout()
    grid.setHorizontalSpacing(3 * unit)
    grid.setVerticalSpacing(unit)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(facts):
        caption = TintedLabel(name, "text2", parent)
        caption.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        caption.setMinimumWidth(caption.fontMetrics().horizontalAdvance(tr("Observations ")))
        shown = TintedLabel(value, "text", parent)
        shown.setWordWrap(True)
        shown.setAccessibleName(f"{name}: {value}")
        grid.addWidget(caption, row, 0)
        grid.addWidget(shown, row, 1)
    return grid
