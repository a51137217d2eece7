"""What one does to results without running anything: names, notes, pins, and the bin; each a step back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mixedgui.state.translation import tr
from mixedgui.state.undo import Undoable


@dataclass(frozen=True, slots=True)
class MarksForm:
    """Marks by number of the result."""

    names: Mapping[int, str] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)
    pinned: tuple[int, ...] = ()
    deleted: frozenset[int] = frozenset()


class ResultMarks(Undoable[MarksForm]):
    """The marks of a log."""

    def __init__(self) -> None:
        super().__init__(MarksForm())

    def name(self, number: int) -> str:
        """Return the name of a result, nothing while it has none."""
        return self.form.names.get(number, "")

    def note(self, number: int) -> str:
        """Return the note of a result."""
        return self.form.notes.get(number, "")

    def is_pinned(self, number: int) -> bool:
        """Tell whether a result is kept on top."""
        return number in self.form.pinned

    def rename(self, number: int, name: str) -> None:
        """Give a result a name; an empty one takes it away."""
        self.put(
            replace(self.form, names=_with(self.form.names, number, name)),
            tr("Rename result {number}").format(number=number),
        )

    def annotate(self, number: int, text: str) -> None:
        """Write a note at a result; an empty one takes it away."""
        self.put(
            replace(self.form, notes=_with(self.form.notes, number, text)),
            tr("Note at result {number}").format(number=number),
        )

    def pin(self, number: int, on: bool) -> None:
        """Keep a result on top, or not any more."""
        others = tuple(each for each in self.form.pinned if each != number)
        pinned = (*others, number) if on else others
        self.put(
            replace(self.form, pinned=pinned),
            (tr("Pin result {number}") if on else tr("Unpin result {number}")).format(number=number),
        )

    def delete(self, number: int) -> None:
        """Put a result into the bin."""
        self.put(
            replace(self.form, deleted=self.form.deleted | {number}), tr("Delete result {number}").format(number=number)
        )

    def restore(self, number: int) -> None:
        """Take a result out of the bin."""
        self.put(
            replace(self.form, deleted=self.form.deleted - {number}),
            tr("Restore result {number}").format(number=number),
        )

    def forget(self) -> None:
        """Begin anew: the results are gone, and there is nothing to take back."""
        self._form = MarksForm()
        self._done.clear()
        self._undone.clear()
        self.changed()


def _with(texts: Mapping[int, str], number: int, text: str) -> Mapping[int, str]:
    kept = {key: value for key, value in texts.items() if key != number}
    return kept | {number: text.strip()} if text.strip() else kept
