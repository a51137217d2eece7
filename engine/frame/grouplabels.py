"""What groups are called: the values of their level variables, by their labels where they have some."""

from __future__ import annotations

from collections.abc import Sequence

from engine.data.dataset import Dataset
from engine.data.formats import format_value
from engine.frame.modelframe import IntArray


def group_labels(dataset: Dataset, levels: Sequence[str], positions: IntArray) -> list[str]:
    """Return ``2 > Ohio`` for each group, of whose observations one stands at each of `positions` in the data.

    `levels` are the level variables that name a group, top first; ``_all`` is none of them.
    """
    columns = []
    for name in levels:
        if name == "_all":
            continue
        variable, labels = dataset.variable(name), dataset.labels_of(name)
        values = dataset.values_at(name, positions)
        texts = (str(v) if variable.is_string else labels.get(v) or format_value(v, variable.format) for v in values)
        columns.append([text.strip() for text in texts])
    return [" > ".join(path) for path in zip(*columns, strict=True)] if columns else ["_all"] * len(positions)
