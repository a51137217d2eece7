"""What the Variables Manager shows: the variables, their profiles as they come in, and their place in the model."""

from __future__ import annotations

from dataclasses import dataclass

from engine.api import Dataset, Profile, Variable
from mixedgui.state.observable import Observable
from mixedgui.state.translation import tr


@dataclass(frozen=True, slots=True)
class Glance:
    """What was computed of a variable: its profile, and per level of groups whether it is constant within them."""

    profile: Profile
    constant: tuple[bool, ...]


class VariableTable(Observable):
    """Variables with what is known about each.

    Attributes
    ----------
    levels
        Variables whose values form groups, outermost first.
    outcome
        The outcome of the last model, empty without one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.dataset = Dataset()
        self.levels: tuple[str, ...] = ()
        self.outcome = ""
        self._glances: dict[str, Glance] = {}

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables in the order of the data."""
        return self.dataset.variables

    def set_dataset(self, dataset: Dataset, levels: tuple[str, ...], outcome: str) -> bool:
        """Show other data or another model; return whether there is anything new."""
        levels = tuple(name for name in levels if name in dataset)
        if dataset is self.dataset and (levels, outcome) == (self.levels, self.outcome):
            return False
        before = self.dataset
        regrouped = levels != self.levels
        self.dataset, self.levels, self.outcome = dataset, levels, outcome
        kept = {
            name: glance
            for name, glance in self._glances.items()
            if not regrouped and name in dataset and name in before and dataset.columns[name] is before.columns[name]
        }
        moved = [name for name in levels if name not in before or dataset.columns[name] is not before.columns[name]]
        self._glances = {} if moved else kept
        self.changed()
        return True

    def put(self, name: str, glance: Glance) -> None:
        """Take in what was computed of a variable."""
        if name in self.dataset:
            self._glances[name] = glance
            self.changed()

    def glance(self, name: str) -> Glance | None:
        """Return what was computed of a variable, None while it is not."""
        return self._glances.get(name)

    def missing_glances(self) -> list[str]:
        """Return the variables of which nothing was computed yet."""
        return [name for name in self.dataset.names if name not in self._glances]

    # --- words -------------------------------------------------------------------------------------------------------

    def level_number(self, name: str) -> int | None:
        """Return the level that a variable belongs to, 1 the lowest; None while that is not known."""
        if name in self.levels:
            return len(self.levels) + 1 - self.levels.index(name)
        glance = self._glances.get(name)
        if glance is None or len(glance.constant) != len(self.levels):
            return None
        for place, constant in enumerate(glance.constant):
            if constant:
                return len(self.levels) + 1 - place
        return 1

    def role(self, name: str) -> str:
        """Return ``outcome``, ``level 2 group``, ``level 1`` …, empty without groups."""
        if name == self.outcome:
            return tr("outcome")
        if not self.levels:
            return ""
        level = self.level_number(name)
        if level is None:
            return ""
        return (tr("level {0} group") if name in self.levels else tr("level {0}")).format(level)

    def within(self, name: str) -> str:
        """Return ``constant``, ``varies`` or ``is the group``; of several levels all within which it is constant."""
        if not self.levels:
            return ""
        if name in self.levels:
            return tr("is the group")
        glance = self._glances.get(name)
        if glance is None or len(glance.constant) != len(self.levels):
            return ""
        constant = [level for level, same in zip(self.levels, glance.constant, strict=True) if same]
        if not constant:
            return tr("varies")
        return tr("constant") if len(self.levels) == 1 else tr("constant in {0}").format(", ".join(constant))
