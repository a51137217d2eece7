"""Whole commands from data in memory to printed text.

``python3 packaging/test.py tests/benchmarks --benchmark-enable`` times them; otherwise each runs once, as a test.
"""

from __future__ import annotations

import pytest
from models import CROSSED, HSB, INSTEVAL, MILLION, PENICILLIN, TUTORING, crossed_rows, million_rows

from engine.api import Session


def _run(session, model):
    outcome = session.run(model.command)
    assert outcome.rc == 0, outcome.text
    return outcome.text


@pytest.mark.benchmark(group="one level, vector")
def test_hsb(benchmark, data_file):
    session = Session()
    session.run(f'use "{data_file("hsb")}"')
    assert "-23218.854" in benchmark(_run, session, HSB)


@pytest.mark.benchmark(group="nested")
def test_tutoring(benchmark, data_file):
    session = Session()
    session.run(f'use "{data_file("tutoring")}"')
    assert "Mixed-effects REML regression" in benchmark(_run, session, TUTORING)


@pytest.mark.parametrize(
    ("model", "data", "ll"), [(PENICILLIN, "penicillin", "-165.43029"), (INSTEVAL, "insteval", "-118830.77")]
)
@pytest.mark.benchmark(group="crossed")
def test_crossed(benchmark, data_file, model, data, ll):
    session = Session()
    session.run(f'use "{data_file(data)}"')
    assert ll in benchmark(_run, session, model)


@pytest.mark.slow
@pytest.mark.benchmark(group="crossed")
def test_large_crossed(benchmark):
    session = Session(data=crossed_rows())
    assert "200,000" in benchmark.pedantic(_run, (session, CROSSED), rounds=3, warmup_rounds=1)


@pytest.mark.slow
@pytest.mark.benchmark(group="large n")
def test_million_rows(benchmark):
    session = Session(data=million_rows())
    text = benchmark.pedantic(_run, (session, MILLION), rounds=5, warmup_rounds=1)
    assert "1,000,000" in text
