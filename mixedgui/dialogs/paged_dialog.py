"""A dialog of pages, some of which are made after it is on screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from engine.api import Dataset
from mixedgui.dialogs.command_band import CommandBand
from mixedgui.dialogs.footed_dialog import FootedDialog
from mixedgui.dialogs.late_pages import LatePages
from mixedgui.dialogs.pages import Pages
from mixedgui.widgets.binding import Binding
from mixedgui.widgets.expression_edit import ExpressionEdit
from mixedgui.widgets.mnemonics import assign_mnemonics
from mixedgui.widgets.reason import ReasonButton
from mixedgui.widgets.section import Section
from mixedgui.widgets.variable_edit import VariableEdit
from mixedgui.widgets.varlist_edit import VarlistEdit


class PagedDialog(FootedDialog):
    """Pages over the band of a command; controls show the state.

    Attributes
    ----------
    bindings, refreshers
        What shows the state.
    reasons
        Option -> the button that says why its control is off.
    late
        The pages that wait to be made.
    """

    def __init__(self, name: str, title: str, parent: QWidget | None, *, about: str, state: Any) -> None:
        super().__init__(name, title, parent, about=about, state=state, submit=True)
        self.bindings: list[Binding[Any]] = []
        self.refreshers: list[Callable[[], None]] = []
        self.reasons: dict[str, ReasonButton] = {}
        self.tabs = Pages(name, self)
        self.late = LatePages(self.tabs, self._page_made, self)
        self._focus_order: list[QWidget] = []
        self._late_focus: dict[int, list[QWidget]] = {}
        self._band: CommandBand | None = None
        self._offered: Dataset | None = None

    def show_pages(self, labels: list[list[Any]], focus_order: list[QWidget], band: CommandBand) -> None:
        """Set mnemonics page by page and the order of Tab; the first field that takes text gets the focus."""
        for page in labels:
            assign_mnemonics(page)
        self._focus_order, self._band = focus_order, band
        self._order_tab()
        self.keep_undo_keys(self)
        fields = [field for field in focus_order if _takes_text(field)]
        (fields[0] if fields else self.footer.ok).setFocus()

    def show_state(self) -> None:
        """Show the state in every control that is there."""
        _show(self.bindings, self.refreshers)
        self._give_reasons(self.reasons)
        self.show_steps()

    def offer_variables(self, dataset: Dataset) -> None:
        """Offer the data set's variables in every field for them."""
        if dataset is self._offered:
            return
        self._offered = dataset
        for page in range(self.tabs.count()):
            place = self.tabs.widget(page)
            if place is not None:
                _offer_variables(place, dataset)

    def make_pages(self) -> None:
        """Make the pages that wait for it."""
        self.late.make_all()

    def findChild(self, *args: Any, **kwargs: Any) -> Any:
        """Return a child as Qt does; where it is not there yet, the pages that wait are made first."""
        found = super().findChild(*args, **kwargs)
        if found is None and self.late.waiting:
            self.make_pages()
            found = super().findChild(*args, **kwargs)
        return found

    def findChildren(self, *args: Any, **kwargs: Any) -> Any:
        """Return children as Qt does, those on pages that wait to be made included."""
        self.make_pages()
        return super().findChildren(*args, **kwargs)

    def page_taken_in(self) -> None:
        """Do what is to be done once a page was made late; for others to extend."""

    def _page_made(self, scroll: QScrollArea, page: Section) -> None:
        """Take in a page that was made late, and show the state in it."""
        assign_mnemonics(page.labels)
        self._late_focus[self.tabs.indexOf(scroll)] = page.focus_order
        self._order_tab()
        self.keep_undo_keys(page)
        if self._offered is not None:
            _offer_variables(page, self._offered)
        self.bindings += page.bindings
        self.refreshers += page.refreshers
        self.reasons |= page.reasons
        _show(page.bindings, page.refreshers)
        self._give_reasons(page.reasons)
        self.page_taken_in()

    def _order_tab(self) -> None:
        late = [widget for place in sorted(self._late_focus) for widget in self._late_focus[place]]
        self.order_focus([self.tabs.tabBar(), *self._focus_order, *late], self._band)

    def _give_reasons(self, buttons: dict[str, ReasonButton]) -> None:
        reasons = self.state.disabled_reasons()
        for name, button in buttons.items():
            button.give(reasons.get(name, ""))


def _show(bindings: list[Binding[Any]], refreshers: list[Callable[[], None]]) -> None:
    for binding in bindings:
        binding.refresh()
    for refresher in refreshers:
        refresher()


def _takes_text(field: QWidget) -> bool:
    """Tell whether a field is there to be written into."""
    return isinstance(field, QLineEdit | VariableEdit) and field.isEnabled() and not field.isHidden()


def _offer_variables(place: QWidget, dataset: Dataset) -> None:
    """Offer the data set's variables in every field for them inside `place`."""
    for edit in QWidget.findChildren(place, QWidget):
        if isinstance(edit, VariableEdit | VarlistEdit | ExpressionEdit):
            edit.set_variables(dataset.variables)
