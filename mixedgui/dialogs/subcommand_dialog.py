"""The dialog of a command that is followed by one of several words: which one, and its options."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.api import Choice, CommandDecl, Problem
from mixedgui.dialogs.simple_dialog import SimpleDialog
from mixedgui.dialogs.window import CommandWindow
from mixedgui.state.postestimation import why_not
from mixedgui.state.subcommand_state import SubcommandState
from mixedgui.state.translation import shown, tr
from mixedgui.widgets.binding import Binding
from mixedgui.widgets.choice_list import ChoiceList
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.option_group import heading


class SubcommandDialog(SimpleDialog):
    """Words in a list; those that do not go with the last fit say why."""

    state: SubcommandState

    def __init__(self, decl: CommandDecl, window: CommandWindow) -> None:
        super().__init__(decl, window, SubcommandState(decl))

    def add_choices(self, page: QWidget, column: QVBoxLayout) -> None:
        """Add the words."""
        state, words = self.state, self.decl.subcommands
        choices = [Choice(word.name, word.minimum, word.name, word.help) for word in words]
        self._words = ChoiceList(f"{self.decl.name}_subcommand", choices, page)
        describe(self._words, tr("Statistic"), shown(self.decl.help) or shown(self.decl.title))
        self._words.chosen.connect(state.choose)
        self.bindings.append(Binding(self._words, lambda: state.chosen.name, self._words.show_word))
        head = heading(tr("Produce"), page)
        head.setBuddy(self._words)
        column.addWidget(head)
        column.addWidget(self._words)
        self.adopt([head], [self._words])

    @Slot()
    def refresh_data(self) -> None:
        """See what goes with the last fit."""
        estimates = self.window_.session.estimates
        needed = {
            word.name: why_not(estimates, mixed_only=word.mixed_only, after=word.after)
            for word in self.decl.subcommands
        }
        self._words.set_reasons({name: reason for name, reason in needed.items() if reason})
        super().refresh_data()

    @Slot()
    def refresh(self) -> None:
        """Show the options that go with the word."""
        super().refresh()
        self.hide_options(self.state.idle_reasons())

    def problems(self) -> list[Problem]:
        """Return what is wrong, the want of a fit included."""
        found = super().problems()
        chosen = self.state.chosen
        reason = why_not(self.window_.session.estimates, mixed_only=chosen.mixed_only, after=chosen.after)
        if reason:
            found.insert(0, Problem(301, reason, "subcommand"))
        return found
