"""What a band is drawn between."""

from __future__ import annotations

import numpy as np

from mixedgui.plots.items import _BAND_CELLS, _corners


def test_a_short_band_keeps_every_place():
    assert _corners(np.arange(float(_BAND_CELLS))).all()


def test_a_long_band_keeps_its_ends_and_whatever_stands_alone():
    middle = np.linspace(-1.0, 1.0, 50_000)
    x = np.concatenate([[-9.0, -5.0, -3.0], middle, [4.0, 8.0]])
    kept = _corners(x)
    assert kept[:3].all()
    assert kept[-2:].all()
    assert kept.sum() <= _BAND_CELLS + 1
    assert np.diff(x[kept]).max() <= 4.0, "no gap but those of the data"
    assert np.diff(x[kept][3:-3]).max() <= 2 * 17.0 / _BAND_CELLS


def test_a_long_band_out_of_order_or_with_gaps_keeps_every_place():
    x = np.linspace(0.0, 1.0, 5_000)
    assert _corners(x[::-1]).all()
    x[17] = np.nan
    assert _corners(x).all()
