"""Margins on many rows: what they cost does not grow with their number."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from engine.api import Session

ROWS = 200_000


def _seconds(session, command):
    best = np.inf
    for _ in range(3):
        start = time.perf_counter()
        outcome = session.run(command)
        best = min(best, time.perf_counter() - start)
        assert outcome.rc == 0, outcome.text
    return best


@pytest.mark.benchmark(group="margins")
def test_margins_at_many_values_visit_the_rows_once():
    """A hundred margins of one model take less than three times as long as one: means of products are shared."""
    rng = np.random.default_rng(5)
    data = pd.DataFrame({"x": rng.normal(size=ROWS), "z": rng.normal(size=ROWS), "g": rng.integers(0, 4, size=ROWS)})
    session = Session(data.assign(y=data["x"] + rng.normal(size=ROWS)))
    assert session.run("regress y c.x##c.z##i.g").rc == 0
    one = _seconds(session, "margins, at(x=0 z=0)")
    many = _seconds(session, "margins g, at(x=(-2(1)2) z=(-2(1)2))")
    assert len(session.run("margins g, at(x=(-2(1)2) z=(-2(1)2))").tables["margins"].rows) == 100
    assert many < 6.0 * one
