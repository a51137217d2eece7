"""An undo stack of snapshots: cheap, because a dialog's content is one small frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from mixedgui.state.observable import Observable
from mixedgui.state.translation import tr

Form = TypeVar("Form")

DEPTH = 200
"""How many steps are kept."""


@dataclass(frozen=True, slots=True)
class _Step(Generic[Form]):
    before: Form
    after: Form
    text: str
    merge: str


class Undoable(Observable, Generic[Form]):
    """Holds one frozen value, tells when it changes, and can take changes back.

    Parameters
    ----------
    form
        The value to start with; `reset` returns to it.
    """

    def __init__(self, form: Form) -> None:
        super().__init__()
        self._initial = form
        self._form = form
        self._done: list[_Step[Form]] = []
        self._undone: list[_Step[Form]] = []

    @property
    def form(self) -> Form:
        """The content as it stands."""
        return self._form

    def put(self, form: Form, text: str, *, merge: str = "") -> None:
        """Replace the content; `text` names the step ("Delete equation 2").

        Steps that follow each other with the same non-empty `merge` key count as one: typing a word is one step.
        """
        if form == self._form:
            return
        last = self._done[-1] if self._done else None
        if merge and last is not None and last.merge == merge and not self._undone:
            self._done[-1] = _Step(last.before, form, text, merge)
        else:
            self._done.append(_Step(self._form, form, text, merge))
            del self._done[:-DEPTH]
        self._undone.clear()
        self._form = form
        self.changed()

    def reset(self) -> None:
        """Return to the content at the start, as a step that can be undone."""
        self.put(self._initial, tr("Reset"))

    @property
    def undo_text(self) -> str:
        """What `undo` would take back, empty when there is nothing."""
        return self._done[-1].text if self._done else ""

    @property
    def redo_text(self) -> str:
        """What `redo` would do again, empty when there is nothing."""
        return self._undone[-1].text if self._undone else ""

    def undo(self) -> None:
        """Take back the last step, if there is one."""
        if self._done:
            step = self._done.pop()
            self._undone.append(step)
            self._form = step.before
            self.changed()

    def redo(self) -> None:
        """Do the step again that was taken back last."""
        if self._undone:
            step = self._undone.pop()
            self._done.append(step)
            self._form = step.after
            self.changed()
