"""The wide-long assistant: which way, what, and how the data would look."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.api import Choice, CommandDecl
from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.dialogs.data_trial import DataTrial
from mixedgui.dialogs.window import CommandWindow
from mixedgui.size import open_at
from mixedgui.state.reshape_state import LONG, WIDE, ReshapeForm, ReshapeState, families, guess
from mixedgui.state.translation import mark, tr
from mixedgui.theme import theme
from mixedgui.widgets.binding import Binding, bind_check, bind_text
from mixedgui.widgets.data_preview import DataPreviewView
from mixedgui.widgets.marked_edit import MarkedEdit
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.option_group import heading
from mixedgui.widgets.radio_choice import RadioChoice
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.tinted_label import TintedLabel
from mixedgui.widgets.varlist_edit import VarlistEdit

DIRECTIONS = (
    Choice(
        LONG,
        4,
        mark("Wide to long"),
        mark("Variables such as inc80 inc81 inc82 become one variable with a row for each."),
    ),
    Choice(
        WIDE, 4, mark("Long to wide"), mark("Rows that belong together become one, with a variable for each of them.")
    ),
)

_STUBS = {
    LONG: (
        mark("Stubs"),
        mark("What stands before the numbers: inc for inc80 inc81; @ stands for a number in the middle."),
    ),
    WIDE: (
        mark("Variables that vary"),
        mark("The variables that become several, one for each value of the numbering variable."),
    ),
}
_NUMBERS = {
    LONG: (mark("New numbering variable"), mark("The name of the variable that will hold the numbers, such as year.")),
    WIDE: (
        mark("Numbering variable"),
        mark("The variable whose values stand at the end of the new names, such as year."),
    ),
}


class ReshapeDialog(CommandDialog):
    """A form that begins with a guess from the data, and a preview of the result."""

    def __init__(self, decl: CommandDecl, window: CommandWindow) -> None:
        self._guessed_for: object = None
        super().__init__(decl, ReshapeState(decl), window)
        unit = theme().unit
        scroll = self.tabs.open_page("model", tr("Main"))
        page = QWidget(scroll.viewport())
        column = QVBoxLayout(page)
        column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        column.setSpacing(3 * unit)
        column.addWidget(self._directions(page))
        column.addLayout(self._fields(page))
        self._found = TintedLabel("", "text2", page)
        self._found.setWordWrap(True)
        self._found.setObjectName("reshape_found")
        column.addWidget(self._found)
        column.addWidget(heading(tr("Result"), page))
        preview = DataPreviewView("reshape_preview", page)
        column.addWidget(preview, 1)
        self.trial = DataTrial(self, preview, tr("The result is shown here once the fields are filled."))
        self.tabs.fill_page(scroll, page)
        self.refreshers.append(self._name_fields)
        open_at(self, 180, 150)
        self.finish([self._labels], [*self._order, preview.table])

    def _directions(self, page: QWidget) -> RadioChoice:
        state = self.state
        radios = RadioChoice("reshape_direction", DIRECTIONS, page)
        radios.setAccessibleName(tr("Direction"))
        radios.chosen.connect(lambda word: state.set(direction=word))
        self.bindings.append(Binding(radios, lambda: state.form.direction, radios.show_word))
        self._labels: list[QLabel | QWidget] = list(radios.buttons)
        self._order: list[QWidget] = list(radios.buttons)
        return radios

    def _fields(self, page: QWidget) -> QGridLayout:
        state, unit = self.state, theme().unit
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * unit)
        grid.setVerticalSpacing(2 * unit)
        grid.setColumnStretch(1, 1)
        self._stubs_label, self._numbers_label = QLabel(page), QLabel(page)
        self._stubs, self._i = VarlistEdit(page), VarlistEdit(page)
        self._j, self._values = MarkedEdit(page), QLineEdit(page)
        identifier, values = QLabel(tr("Identifier"), page), QLabel(tr("Only the numbers"), page)
        describe(self._i, tr("Identifier"), tr("The variables that identify a row of the wide form, such as a person."))
        describe(
            self._values, tr("Only the numbers"), tr("The numbers to take, such as 80 81; empty for all there are.")
        )
        self._values.setPlaceholderText(tr("all"))
        rows = (
            ("stubs", self._stubs_label, self._stubs),
            ("i", identifier, self._i),
            ("j", self._numbers_label, self._j),
            ("values", values, self._values),
        )
        for row, (option, label, edit) in enumerate(rows):
            edit.setObjectName(f"reshape_{option}")
            label.setBuddy(edit)
            grid.addWidget(label, 2 * row, 0)
            grid.addWidget(edit, 2 * row, 1)
            grid.addWidget(self.note_under(option, page), 2 * row + 1, 1)
            self.bindings.append(self._bound(edit, option))
            self._labels.append(label)
            self._order.append(edit)
        reason = ReasonButton(self._values, page)
        grid.addWidget(reason, 6, 2)
        self.reasons["values"] = reason
        self._order.append(reason)
        string = QCheckBox(tr("The numbering variable holds text"), page)
        string.setObjectName("reshape_string")
        describe(
            string,
            tr("The numbering variable holds text"),
            tr("For names such as incm incf, whose endings are letters."),
        )
        self.bindings.append(bind_check(string, lambda: state.form.string, lambda on: state.set(string=on)))
        grid.addWidget(string, 8, 1)
        self._labels.append(string)
        self._order.append(string)
        return grid

    def _bound(self, edit: MarkedEdit | QLineEdit, option: str) -> Binding[str]:
        state = self.state

        def read() -> str:
            return str(getattr(state.form, option))

        def write(text: str) -> None:
            state.set(**{option: text})

        return bind_text(edit, read, write)

    def _name_fields(self) -> None:
        """Call the fields what they are in the direction chosen, and say what the data offer."""
        form: ReshapeForm = self.state.form
        for label, edit, words in (
            (self._stubs_label, self._stubs, _in_words(_STUBS[form.direction])),
            (self._numbers_label, self._j, _in_words(_NUMBERS[form.direction])),
        ):
            if label.text().replace("&", "") != words[0]:
                label.setText(words[0])
                describe(edit, *words)
        found = families(self.window_.session.data.names)
        texts = [f"{stub}{numbers[0]} … {stub}{numbers[-1]}" for stub, numbers in list(found.items())[:4]]
        offered = tr("Numbered variables in the data: {0}").format(", ".join(texts)) if texts else ""
        self._found.setText(offered if form.direction == LONG else "")
        self._found.setVisible(bool(self._found.text()))

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with a guess for data that were not seen yet, as long as nothing was filled in."""
        super().showEvent(event)
        self._guess()

    @Slot()
    def refresh_data(self) -> None:
        """Guess anew for other data."""
        super().refresh_data()
        if self.isVisible():
            self._guess()

    def _guess(self) -> None:
        session = self.window_.session
        state: ReshapeState = self.state
        if session.data is self._guessed_for or not session.data.variables:
            return
        before, self._guessed_for = self._guessed_for, session.data
        if before is None and state.form != ReshapeForm():
            return
        macros = session.e.macros if session.estimates is not None else {}
        state.put(guess(session.data, macros.get("ivars", "").split()), tr("Guess from the data"))


def _in_words(texts: tuple[str, str]) -> tuple[str, str]:
    return tr(texts[0]), tr(texts[1])
