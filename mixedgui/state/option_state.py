"""What all dialogs' states share: fields and options of one command, each change one step back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from engine.api import CommandDecl
from mixedgui.state.option_values import OptionValues
from mixedgui.state.translation import mark, tr
from mixedgui.state.undo import Undoable

Form = TypeVar("Form", bound=Any)
"""A frozen dataclass with a field `options` of type `OptionValues`."""


_PART_WORDS = {"df": mark("degrees of freedom"), "vce": mark("standard errors"), "weight": "weights", "by": "groups"}
"""Part -> its name in the undo list, where that is not its own."""


class OptionState(Undoable[Form], Generic[Form]):
    """A form whose fields and options are changed by name.

    Parameters
    ----------
    decl
        The command; it gives options their order.
    """

    def __init__(self, decl: CommandDecl, form: Form) -> None:
        super().__init__(form)
        self.decl = decl

    def set(self, **changes: Any) -> None:
        """Change fields of the form; typing into one field is one undo step."""
        names = ", ".join(sorted(changes))
        self.put(replace(self.form, **changes), tr("Change {0}").format(names.rstrip("_")), merge=names)

    def set_part(self, part: str, **changes: object) -> None:
        """Change fields of a part (``by``, ``weight``, ``residuals``, …); one field is one undo step."""
        names = ", ".join(sorted(changes))
        form = replace(self.form, **{part: replace(getattr(self.form, part), **changes)})
        self.put(form, tr("Change {0}").format(_PART_WORDS.get(part, part)), merge=f"{part} {names}")

    def set_option(self, name: str, argument: str | None = None) -> None:
        """Switch an option on, with its argument if it has one; typing the argument is one undo step."""
        options = self._options.with_option(self.decl.options, name, argument)
        self._put_options(
            options, tr("Change {name}").format(name=name), merge="" if argument is None else f"option {name}"
        )

    def clear_option(self, *names: str) -> None:
        """Switch options off."""
        self._put_options(self._options.without(names), tr("Clear {0}").format(" ".join(names)))

    def restore_options(self, names: Sequence[str], before: OptionValues) -> None:
        """Bring the options named back to what they were in `before`, as one step."""
        options = self._options.without([name for name in names if not before.has(name)])
        for name in names:
            if before.has(name):
                argument = dict(before.items)[name]
                options = options.with_option(self.decl.options, name, argument)
        self._put_options(options, tr("Cancel changes"))

    def choose_option(self, names: Sequence[str], chosen: str) -> None:
        """Switch on one of several options that exclude each other, or none of them (an empty name)."""
        named = [name for name in names if name]
        options = self._options.without(names)
        if chosen:
            options = options.with_option(self.decl.options, chosen)
        self._put_options(options, tr("Change {0}").format(chosen or named[0]))

    @property
    def _options(self) -> OptionValues:
        options: OptionValues = self.form.options
        return options

    def _put_options(self, options: OptionValues, text: str, *, merge: str = "") -> None:
        self.put(replace(self.form, options=options), text, merge=merge)
