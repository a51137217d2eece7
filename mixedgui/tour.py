"""The tour: six steps from a data set to a saved table, each done by one click or by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from engine.api import Outcome, Table
from mixedgui.theme import theme
from mixedgui.widgets.tinted_label import TintedLabel

if TYPE_CHECKING:
    from mixedgui.main_window import MainWindow

EXAMPLE = "use hsb"
MODEL = "mixed mathach ses || id:"
PLOT = "diagplot rvf"


@dataclass(frozen=True, slots=True)
class Step:
    """What is done, why, the words on the button that does it, and what it does."""

    title: str
    text: str
    button: str
    do: Callable[[], object]


class Tour(QFrame):
    """A card in the corner of the window that goes along; it never blocks anything.

    Whoever does a step by hand gets on as well: the card watches the commands that run.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("tour")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._window = window
        self._fixed: Table | None = None
        self.steps = self._steps()
        self.number = 0
        unit = theme().unit
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * unit, 3 * unit, 4 * unit, 3 * unit)
        column.setSpacing(2 * unit)
        self._where = TintedLabel("", "text2", self, factor=0.92)
        self._title = TintedLabel("", "text", self, factor=1.15, bold=True)
        self._text = TintedLabel("", "text", self)
        self._text.setWordWrap(True)
        for label in (self._where, self._title, self._text):
            column.addWidget(label)
        row = QHBoxLayout()
        self.end = self._button("tour_end", self.tr("End to&ur"), self.close_tour)
        self.back = self._button("tour_back", self.tr("&Back"), self.go_back)
        self.act = self._button("tour_do", "", self.do_step)
        self.act.setDefault(True)
        self.next = self._button("tour_next", self.tr("&Next"), self.go_on)
        row.addWidget(self.end)
        row.addStretch(1)
        for button in (self.back, self.act, self.next):
            row.addWidget(button)
        column.addLayout(row)
        self.setFixedWidth(105 * unit)
        window.command_finished.connect(self._watch)
        window.installEventFilter(self)
        self._show_step()

    def _steps(self) -> tuple[Step, ...]:
        window = self._window
        return (
            Step(
                self.tr("Open data"),
                self.tr(
                    "7,185 students in 160 schools: mathematics, socioeconomic status, and what is known of schools."
                ),
                self.tr("O&pen the example"),
                lambda: window.run_command(EXAMPLE),
            ),
            Step(
                self.tr("Look at the variables"),
                self.tr(
                    "The Variables pane lists them with their labels. mathach is the response, ses a predictor, id the "
                    "school. Double-click puts a name where you write."
                ),
                self.tr("Show the &variables"),
                lambda: window.layout_.go_to(window.variables),
            ),
            Step(
                self.tr("Describe the model"),
                self.tr(
                    "The dialog asks for response, predictors and levels, and shows the equation and the command. The "
                    "line under the equations says how the schools lie in the data."
                ),
                self.tr("O&pen the dialog"),
                lambda: window.open_in_dialog(MODEL),
            ),
            Step(
                self.tr("Fit it"),
                self.tr("Submit in the dialog, or this button, runs the command. The result appears with its log."),
                self.tr("Fit the &model"),
                lambda: window.run_command(MODEL),
            ),
            Step(
                self.tr("Check it"),
                self.tr(
                    "Residuals against fitted values. Graphics > Diagnostics Dashboard shows all of it, linked by one "
                    "selection."
                ),
                self.tr("Draw the &residuals"),
                lambda: window.run_command(PLOT),
            ),
            Step(
                self.tr("Save the table"),
                self.tr(
                    "Every table can be copied into a paper or saved for a spreadsheet; here that of the coefficients."
                ),
                self.tr("Save as &CSV…"),
                self._save,
            ),
        )

    def _button(self, name: str, text: str, slot: Callable[[], None]) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _show_step(self) -> None:
        step = self.steps[self.number]
        self._where.setText(self.tr("Step {0} of {1}").format(self.number + 1, len(self.steps)))
        self._title.setText(step.title)
        self._text.setText(step.text)
        self.act.setText(step.button)
        self.back.setEnabled(self.number > 0)
        last = self.number == len(self.steps) - 1
        self.next.setVisible(not last)
        self.setAccessibleName(f"{self._where.text()}: {step.title}")
        self.setAccessibleDescription(step.text)
        self._place()

    def _place(self) -> None:
        self.adjustSize()
        gap = 4 * theme().unit
        room = self._window.rect()
        self.move(room.right() - self.width() - gap, room.bottom() - self.height() - 2 * gap)
        self.raise_()

    @Slot()
    def do_step(self) -> None:
        """Do what the step is about."""
        self.steps[self.number].do()
        if self.number in (1, 2):
            self.go_on()

    @Slot()
    def go_on(self) -> None:
        """Show the next step."""
        self.number = min(self.number + 1, len(self.steps) - 1)
        self._show_step()

    @Slot()
    def go_back(self) -> None:
        """Show the step before."""
        self.number = max(self.number - 1, 0)
        self._show_step()

    @Slot()
    def close_tour(self) -> None:
        """Leave the tour; it can be taken again from the Help menu."""
        self._window.removeEventFilter(self)
        self._window.command_finished.disconnect(self._watch)
        self.hide()
        self.deleteLater()

    @Slot(object)
    def _watch(self, outcome: Outcome) -> None:
        """Go on when the step is done, by the button or by hand."""
        if outcome.rc:
            return
        if "fixed" in outcome.tables:
            printed = (block for block in outcome.document.blocks if isinstance(block, Table) and block.id == "fixed")
            self._fixed = next(printed, self._fixed)
        fitted = outcome.command.startswith("mixed ")
        done = {0: bool(self._window.session.data.variables), 2: fitted, 3: fitted, 4: outcome.graph is not None}
        if done.get(self.number, False):
            if self.number == 2:
                self.number += 1  # who fits from the dialog has done both
            self.go_on()

    def _save(self) -> None:
        if self._fixed is None:
            self._window.say(self.tr("Fit a model first; then there is a table to save."))
            return
        self._window.results.actions_.ask_table_name(self._fixed, self._fixed.data)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)
