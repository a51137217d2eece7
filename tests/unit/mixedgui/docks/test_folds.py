"""Which lines of the log fold away under which."""

from __future__ import annotations

from engine.api import Lines
from mixedgui.docks.results.folds import Folds
from mixedgui.docks.results.record import Piece, Record


def _add(folds, record, first, count, *, foldable):
    piece = Piece(Lines(("x",) * count, foldable=foldable), first, count)
    record.pieces.append(piece)
    record.last = first + count - 1
    folds.add(record, piece)


def test_an_iteration_log_folds_under_its_first_line_and_a_record_under_its_command():
    folds, record = Folds(), Record("mixed y || g:", ("mixed y || g:",), 3, 3)
    folds.begin(record)
    for first in (5, 6, 8):
        _add(folds, record, first, 1, foldable=True)
    _add(folds, record, 10, 4, foldable=False)
    _add(folds, record, 14, 2, foldable=True)
    assert folds.under(3) == 12
    assert folds.under(5) == 3
    assert folds.under(6) == folds.under(10) == 0
    assert folds.under(14) == 1


def test_what_is_folded_is_hidden_and_comes_back():
    folds, record = Folds(), Record("count", ("count",), 0, 0)
    folds.begin(record)
    assert not folds.toggle(0)
    _add(folds, record, 1, 2, foldable=False)
    assert folds.toggle(0)
    assert folds.hidden() == {1, 2}
    folds.toggle(0)
    assert folds.hidden() == set()
    folds.toggle(0)
    folds.clear()
    assert folds.hidden() == set()
    assert folds.under(0) == 0
