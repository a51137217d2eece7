"""Margins on many rows: one margin and a hundred of the same model, whose cost should hardly differ.

Timed with ``--benchmark-enable``; otherwise each case runs once, as a test.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session

ROWS = 200_000


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(5)
    data = pd.DataFrame({"x": rng.normal(size=ROWS), "z": rng.normal(size=ROWS), "g": rng.integers(0, 4, size=ROWS)})
    session = Session(data.assign(y=data["x"] + rng.normal(size=ROWS)))
    assert session.run("regress y c.x##c.z##i.g").rc == 0
    return session


@pytest.mark.benchmark(group="margins of 200,000 rows")
@pytest.mark.parametrize(("command", "n"), [("margins, at(x=0 z=0)", 1), ("margins g, at(x=(-2(1)2) z=(-2(1)2))", 100)])
def test_margins_at_values(benchmark, fitted, command, n):
    assert len(benchmark(fitted.run, command).tables["margins"].rows) == n
