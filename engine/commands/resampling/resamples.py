"""Samples of the data: drawn with replacement, with a unit left out, or one group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from engine.data.dataset import Dataset


class Way(Enum):
    """How a replicate takes its sample."""

    DRAW = "draw"
    """Units with replacement."""
    LEAVE_OUT = "leave out"
    """All units but one."""
    ONE = "one"
    """One unit (a group)."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Resamples:
    """How the sample of a replicate comes about.

    Attributes
    ----------
    units
        Unit of each row, 0 … n_units-1, shape (n_obs,): clusters, groups, or the observations.
    strata
        Stratum of each unit, shape (n_units,).
    size
        Units drawn per stratum; 0 for as many as it has.
    numbered
        Variables that number the units drawn, so that one drawn twice counts as two.
    """

    way: Way
    units: npt.NDArray[np.int64]
    strata: npt.NDArray[np.int64]
    seed: int = 0
    size: int = 0
    numbered: tuple[str, ...] = ()

    @property
    def n_units(self) -> int:
        """How many units there are."""
        return len(self.strata)

    def generator(self, number: int) -> np.random.Generator:
        """Return the random numbers of replicate `number`."""
        import numpy as np

        return np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(number,)))

    def sample(self, dataset: Dataset, number: int, rng: np.random.Generator) -> Dataset:
        """Return the data of replicate `number`."""
        import numpy as np

        if self.way is Way.LEAVE_OUT:
            return dataset.take(self.units != number)
        if self.way is Way.ONE:
            return dataset.take(self.units == number)
        rows, drawn = rows_of(self.units, self.draw(rng), self.n_units)
        taken = replace(dataset.take(rows, sorted_by=()), row_ids=np.arange(len(rows), dtype=np.int64))
        return numbered(taken, self.numbered, drawn)

    def draw(self, rng: np.random.Generator) -> npt.NDArray[np.int64]:
        """Return the units drawn, stratum by stratum."""
        import numpy as np

        drawn = []
        for stratum in range(int(self.strata.max(initial=0)) + 1):
            own = np.flatnonzero(self.strata == stratum)
            drawn.append(own[rng.integers(len(own), size=self.size or len(own))])
        return np.concatenate(drawn)


def rows_of(
    units: npt.NDArray[np.int64], drawn: npt.NDArray[np.int64], n_units: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return all rows of the units drawn, in the order drawn, and the place in `drawn` that each comes from."""
    import numpy as np

    order = np.argsort(units, kind="stable")
    sizes = np.bincount(units, minlength=n_units)
    starts = np.cumsum(sizes) - sizes
    lengths = sizes[drawn]
    place = np.repeat(np.arange(len(drawn)), lengths)
    within = np.arange(len(place)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return order[starts[drawn][place] + within], place


def numbered(dataset: Dataset, names: tuple[str, ...], place: npt.NDArray[np.int64]) -> Dataset:
    """Return the data with variables that number the units, from 1."""
    import numpy as np

    from engine.data.dataset import Variable

    for name in names:
        column = (place + 1).astype(np.int32)
        dataset = dataset.with_variable(Variable(name, "long", "%12.0g"), column)
    return dataset
