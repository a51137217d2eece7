"""A model frame in the directions that linear constraints leave free."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.frame.columns import Column, ColumnPart
from engine.frame.constraints import Constraints, free_directions
from engine.frame.modelframe import ModelFrame


def constrained_frame(frame: ModelFrame, constraints: Constraints | None) -> ModelFrame:
    """Return the frame of y - X a on X T; the frame itself without constraints.

    Its mixed columns have names that no variable can have.
    """
    if constraints is None:
        return frame
    free = free_directions(constraints, frame.estimated)
    columns = []
    for direction in free.T.T:
        nonzero = np.flatnonzero(direction)
        if len(nonzero) == 1 and direction[nonzero[0]] == 1.0:
            columns.append(frame.columns[frame.estimated[int(nonzero[0])]])
        else:
            columns.append(Column((ColumnPart(f"direction {len(columns) + 1}"),)))
    return replace(frame, X=frame.X @ free.T, y=frame.y - frame.X @ free.a, columns=tuple(columns))
