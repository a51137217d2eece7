"""Data commands on many rows: the same numbers as pandas; timed with ``--benchmark-enable``."""

from __future__ import annotations

import numpy as np
import pytest
from compare_data import TASKS, rows_of

from engine.api import Session

ROWS = 100_000


@pytest.fixture(scope="module")
def frame():
    return rows_of(ROWS)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
@pytest.mark.benchmark(group="data commands")
def test_a_command_gives_what_pandas_gives(benchmark, frame, task):
    session = Session(data=frame)
    data = session.data

    def run():
        session.data = data
        assert session.run(task.command).rc == 0
        return session.data.to_pandas()

    _same(benchmark(run), task.peer(frame))


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_ten_million_rows(task):
    frame = rows_of(10_000_000)
    session = Session(data=frame)
    assert session.run(task.command).rc == 0
    _same(session.data.to_pandas(), task.peer(frame))


def _same(found, expected):
    if "g" not in expected:
        expected = expected.reset_index()
    for name in expected:
        np.testing.assert_allclose(found[name].to_numpy(), expected[name].to_numpy(), rtol=1e-10, atol=1e-12)
