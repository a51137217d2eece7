"""Sub-dialogs of the page *Reporting*: options that few need, kept out of the way."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from mixedgui.dialogs.command_dialog import CommandDialog
from mixedgui.dialogs.footed_dialog import FootedDialog
from mixedgui.size import open_at
from mixedgui.state.mixed_state import MixedState
from mixedgui.state.option_values import OptionValues
from mixedgui.state.translation import shown, tr
from mixedgui.theme import theme
from mixedgui.widgets.mnemonics import assign_mnemonics
from mixedgui.widgets.option_control import describe
from mixedgui.widgets.section import Section

MARK = " *"
"""Stands on a button whose sub-dialog holds something."""


class OptionsDialog(FootedDialog):
    """Shows a section of options at work: the command follows at once; Cancel brings back what was there.

    Parameters
    ----------
    name
        Its object name is ``dialog_<name>``, that of its button ``<name>``.
    names
        The options it holds.
    """

    def __init__(
        self,
        name: str,
        names: tuple[str, ...],
        state: MixedState,
        dialog: CommandDialog,
        *,
        title: str,
        help_text: str,
    ) -> None:
        title, help_text = shown(title), shown(help_text)
        super().__init__(name, title, dialog, about=help_text, state=state, takes=tr("these options"))
        self._names = names
        self._before = OptionValues()
        self._first: QWidget = self
        self.opener = QPushButton(f"{title}…", dialog)
        self.opener.setObjectName(name)
        self.opener.setAutoDefault(False)
        describe(self.opener, title, help_text)
        self.opener.clicked.connect(self.open_here)
        self._title = title

    def fill(self, section: Section) -> None:
        """Put the controls in."""
        unit = theme().unit
        page = QWidget(self)
        page.setAutoFillBackground(True)
        page.setBackgroundRole(self.palette().ColorRole.Base)
        column = QVBoxLayout(page)
        column.setContentsMargins(4 * unit, 4 * unit, 4 * unit, 4 * unit)
        column.addWidget(section)
        column.addStretch()
        self.stack(page)
        assign_mnemonics(section.labels)
        self.order_focus(section.focus_order)
        self.keep_undo_keys(page)
        self._first = section.focus_order[0]
        open_at(self, 170, 80)

    def refresh(self) -> None:
        """Mark the button while something is on in here."""
        on = any(self.state.form.options.has(name) for name in self._names)
        text = self.opener.text().removesuffix(MARK)  # with its mnemonic
        self.opener.setText(f"{text}{MARK}" if on else text)
        self.opener.setAccessibleName(tr("{title}, in use").format(title=self._title) if on else self._title)
        self.show_steps()

    @Slot()
    def open_here(self) -> None:
        """Come to the front, and remember what Cancel brings back."""
        if not self.isVisible():
            self._before = self.state.form.options
        super().open_here()
        self._first.setFocus()

    def accept(self) -> None:
        """Close; the options are in the command already."""
        self.hide()

    def reject(self) -> None:
        """Close, with the options as they were."""
        self.state.restore_options(self._names, self._before)
        self.hide()

    @Slot()
    def _reset(self) -> None:
        self.state.clear_option(*self._names)
