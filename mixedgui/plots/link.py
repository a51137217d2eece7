"""A graph that shares the selection: its marks can be brushed, and those of selected observations stand out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from PySide6.QtCore import QObject, Slot

from mixedgui.plots.brush import Brush, BrushEffect
from mixedgui.plots.highlight import Highlight
from mixedgui.plots.view import GraphView
from mixedgui.state.grouping import Grouping
from mixedgui.state.selection import RowIds, Selection

FindGroups: TypeAlias = Callable[[tuple[str, ...]], Grouping | None]
"""Gives the groups that some variables name together, None where they are not known."""


class LinkedView(QObject):
    """Links one graph; a mark that stands for a group selects all of it, and is selected when any of it is."""

    def __init__(self, view: GraphView, selection: Selection, find_groups: FindGroups) -> None:
        super().__init__(view)
        self._view, self._selection, self._find_groups = view, selection, find_groups
        self.brush = Brush(view)
        self.highlight = Highlight(view, self._chosen)
        self.brush.brushed.connect(self._brushed)
        self._unsubscribe = selection.subscribe(self.highlight.refresh)
        self.highlight.refresh()

    def release(self) -> None:
        """Listen no longer."""
        self._unsubscribe()
        self.highlight.release()

    def _groups(self) -> Grouping | None:
        per = self._view.graph.per
        return self._find_groups(per) if per else None

    def _chosen(self, rows: RowIds) -> np.ndarray[Any, np.dtype[np.bool_]]:
        groups = self._groups()
        if groups is None:
            return self._selection.mask(rows)
        touched = np.append(groups.touched(self._selection.row_ids), False)  # the last for rows of no group, -1
        return np.asarray(touched[groups.groups_of(rows)])

    @Slot(object, object)
    def _brushed(self, rows: RowIds, effect: object) -> None:
        groups = self._groups()
        whole = rows if groups is None else groups.whole(rows)
        if effect is BrushEffect.ADD:
            self._selection.add(whole)
        elif effect is BrushEffect.REMOVE:
            self._selection.remove(whole)
        else:
            self._selection.set(whole)
