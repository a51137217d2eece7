"""The dialog of a command whose free text has a field for each of its pieces: ``merge m:1 id using …``."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.api import CommandDecl, PieceDecl, PieceKind
from mixedgui.dialogs.builders.buttons import varlist_button
from mixedgui.dialogs.simple_dialog import SimpleDialog
from mixedgui.dialogs.window import CommandWindow
from mixedgui.state.pieces_state import PiecesState
from mixedgui.state.translation import shown
from mixedgui.widgets.binding import Binding, bind_choice, bind_text
from mixedgui.widgets.choice_box import ChoiceBox
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.statistic_rows import StatisticRows
from mixedgui.widgets.variable_edit import VariableEdit
from mixedgui.widgets.varlist_edit import VarlistEdit


class PiecesDialog(SimpleDialog):
    """A list of words for a choice, a field with completion for variables, rows for statistics."""

    state: PiecesState

    def __init__(self, decl: CommandDecl, window: CommandWindow) -> None:
        super().__init__(decl, window, PiecesState(decl))

    def add_pieces(self, page: QWidget, grid: QGridLayout) -> int:
        """Add the fields, and return how many rows of the grid they take."""
        row = 0
        for piece in self.decl.pieces:
            label = QLabel(shown(piece.label), page)
            if piece.kind is PieceKind.STATISTICS:
                self._place_rows(page, grid, row, label, piece)
            else:
                field = self._field(page, piece)
                build = None
                if self.decl.factor_variables and isinstance(field, VarlistEdit):
                    build = varlist_button(field, page)
                self._place(grid, row, label, field, option=piece.name, build=build)
            row += 3
        return row

    def _name(self, piece: PieceDecl) -> str:
        return f"{self.decl.name}_{piece.name}"

    def _field(self, page: QWidget, piece: PieceDecl) -> QWidget:
        state, name = self.state, piece.name
        field: ChoiceBox | VariableEdit | VarlistEdit
        if piece.kind is PieceKind.CHOICE:
            field = ChoiceBox(piece.choices, page)
            self.bindings.append(
                bind_choice(field, lambda: state.piece(name), lambda word: state.set_piece(name, word))
            )
        else:
            field = VariableEdit(page) if piece.kind is PieceKind.VARIABLE else VarlistEdit(page)
            field.setPlaceholderText("")
            self.bindings.append(bind_text(field, lambda: state.piece(name), lambda text: state.set_piece(name, text)))
        field.setObjectName(self._name(piece))
        describe(field, piece.label, piece.help)
        return field

    def _place_rows(self, page: QWidget, grid: QGridLayout, row: int, label: QLabel, piece: PieceDecl) -> None:
        state, name = self.state, piece.name
        rows = StatisticRows(self._name(piece), piece.choices, lambda: self.window_.session.data.variables, page)
        describe(rows, piece.label, piece.help)
        rows.changed.connect(lambda: state.set_piece(name, rows.text()))
        self.bindings.append(Binding(rows, lambda: state.piece(name), rows.setText))
        label.setBuddy(rows.focus_order[0])
        grid.addWidget(label, row, 0, 1, 2)
        grid.addWidget(rows, row + 1, 0, 1, 2)
        grid.addWidget(self.note_under(name, page), row + 2, 0, 1, 2)
        self.adopt([label], rows.focus_order)
