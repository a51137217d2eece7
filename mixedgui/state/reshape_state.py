"""The wide-long assistant without Qt: what is asked for, a first guess from the data, and the command."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.api import CommandDecl, Dataset, Problem, StataError, command_from_text, grouping_of, resolve_names
from mixedgui.state.clauses import with_options
from mixedgui.state.translation import tr
from mixedgui.state.undo import Undoable

LONG, WIDE = "long", "wide"

_NUMBERED = re.compile(r"(?P<stub>.*[^\W\d]_?|.*_)(?P<number>\d+)")
_GUESSED_ROWS = 200_000
"""Data with more rows are not searched for identifiers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReshapeForm:
    """Texts as typed.

    Attributes
    ----------
    direction
        ``long`` or ``wide``.
    stubs
        Of the wide form what stands before the numbers, of the long form the variables that become several.
    i, j
        Variables that identify an observation of the wide form, and the variable with the numbers.
    values
        Numbers to take, all where empty.
    string
        Whether j may be text.
    """

    direction: str = LONG
    stubs: str = ""
    i: str = ""
    j: str = ""
    values: str = ""
    string: bool = False


class ReshapeState(Undoable[ReshapeForm]):
    """What the dialog holds."""

    def __init__(self, decl: CommandDecl) -> None:
        super().__init__(ReshapeForm())
        self.decl = decl

    def set(self, **changes: Any) -> None:
        """Change fields of the form; typing into one field is one undo step."""
        names = ", ".join(sorted(changes))
        self.put(replace(self.form, **changes), tr("Change {names}").format(names=names), merge=names)

    def to_command(self) -> str:
        """Return the command that Submit would run, complete or not."""
        form = self.form
        options = [f"i({form.i.strip()})"] if form.i.strip() else []
        j = " ".join(f"{form.j} {form.values if form.direction == LONG else ''}".split())
        options += [f"j({j})"] if j else []
        options += ["string"] if form.string else []
        return with_options(" ".join(f"reshape {form.direction} {form.stubs}".split()), options)

    def load_command(self, text: str) -> None:
        """Fill the form from a command; StataError, and nothing changed, when it is none."""
        command = command_from_text(text)
        if command.decl.name != self.decl.name:
            raise StataError(198, tr("{word} is not a {name} command").format(word=command.word, name=self.decl.name))
        part = command.main
        direction, _, stubs = part.body.strip().partition(" ")
        if direction not in {LONG, WIDE}:
            raise StataError(
                198, tr("the dialog is for reshape long and reshape wide, not for reshape {0}").format(direction)
            )
        arguments = {use.decl.name: use.argument or "" for use in part.options}
        j, _, values = arguments.get("j", "").partition(" ")
        form = ReshapeForm(
            direction=direction,
            stubs=stubs.strip(),
            i=arguments.get("i", ""),
            j=j,
            values=values.strip(),
            string="string" in arguments,
        )
        self.put(form, tr("Load command"))

    def disabled_reasons(self) -> dict[str, str]:
        """Return option -> why it is not available."""
        if self.form.direction == WIDE:
            return {"values": tr("The values of the numbering variable are taken from the data.")}
        return {}

    def problems(self, dataset: Dataset) -> list[Problem]:
        """Return what keeps the command from running."""
        form, found = self.form, []
        if not dataset.variables:
            return [Problem(2000, tr("there are no data to reshape; open some first"))]
        if not form.stubs.strip():
            what = (
                tr("what stands before the numbers")
                if form.direction == LONG
                else tr("the variables that become several")
            )
            found.append(Problem(100, tr("name {what}").format(what=what), "stubs"))
        if not form.i.strip():
            found.append(Problem(100, tr("choose the variables that identify a row of the wide form"), "i"))
        if not form.j.strip():
            found.append(Problem(100, tr("name the variable with the numbers"), "j"))
        checked = (("i", form.i), ("stubs", form.stubs), ("j", form.j)) if form.direction == WIDE else (("i", form.i),)
        for option, text in checked:
            try:
                if text.strip() and "@" not in text:
                    resolve_names(text, dataset)
            except StataError as error:
                found.append(Problem(error.rc, error.message, option, error.span))
        if form.direction == LONG and form.j.strip() in dataset:
            found.append(
                Problem(110, tr("variable {0} already defined; choose another name").format(form.j.strip()), "j")
            )
        if not found:
            try:
                command_from_text(self.to_command())
            except StataError as error:
                found.append(Problem(error.rc, error.message))
        return found


def families(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return stub -> its numbers, for names that differ in a number at their end, at least two of a kind."""
    found: dict[str, list[str]] = {}
    for name in names:
        match = _NUMBERED.fullmatch(name)
        if match is not None:
            found.setdefault(match["stub"], []).append(match["number"])
    return {stub: tuple(numbers) for stub, numbers in found.items() if len(numbers) > 1}


def guess(dataset: Dataset, levels: Sequence[str] = ()) -> ReshapeForm:
    """Return what the data look as if they were to become: long where names are numbered, else wide."""
    remembered = {name: text for owner, name, text in dataset.characteristics if owner == "_dta"}
    stubs = families(dataset.names)
    if {"ReS_i", "ReS_j", "ReS_Xij"} <= set(remembered):
        j = remembered["ReS_j"]
        return ReshapeForm(
            direction=WIDE if j in dataset else LONG,
            stubs=remembered["ReS_Xij"],
            i=remembered["ReS_i"],
            j=j,
            string=remembered.get("ReS_str") == "1",
        )
    if stubs:
        taken = {f"{stub}{number}" for stub, numbers in stubs.items() for number in numbers}
        i = next((v.name for v in dataset.variables if v.name not in taken and _unique(dataset, (v.name,))), "")
        return ReshapeForm(direction=LONG, stubs=" ".join(stubs), i=i, j=_new_name(dataset, stubs))
    i = next((level for level in reversed(levels) if level in dataset), "")
    if not i:
        i = next((v.name for v in dataset.variables if v.name.lower().endswith("id")), "")
    if not i:
        return ReshapeForm(direction=WIDE)
    j = next((v.name for v in dataset.variables if v.name != i and _numbers(dataset, v.name, i)), "")
    varying = [v.name for v in dataset.variables if v.name not in {i, j} and j and not _constant(dataset, v.name, i)]
    return ReshapeForm(direction=WIDE, stubs=" ".join(varying), i=i, j=j)


def _new_name(dataset: Dataset, stubs: dict[str, tuple[str, ...]]) -> str:
    years = all(len(number) == 4 and number[:2] in {"19", "20"} for numbers in stubs.values() for number in numbers)
    wanted = "year" if years else "time"
    return wanted if wanted not in dataset else "_j"


def _unique(dataset: Dataset, names: tuple[str, ...]) -> bool:
    return 0 < dataset.n_obs <= _GUESSED_ROWS and grouping_of(dataset, names).n_groups == dataset.n_obs


def _numbers(dataset: Dataset, name: str, i: str) -> bool:
    """Tell whether a variable numbers the rows of each group: few whole numbers, none twice in a group."""
    if dataset.variable(name).is_string or dataset.n_obs > _GUESSED_ROWS:
        return False
    values = np.unique(dataset.numeric(name))
    return len(values) <= 100 and bool((values == np.floor(values)).all()) and _unique(dataset, (i, name))


def _constant(dataset: Dataset, name: str, i: str) -> bool:
    return grouping_of(dataset, (i,)).constant(dataset.columns[name])
