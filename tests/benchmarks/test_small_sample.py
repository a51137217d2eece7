"""Kenward and Roger's method: what it adds to a fit, and whole commands.

pbkrtest took 1.47 s for the covariance matrix and all degrees of freedom of the HSB model.
"""

from __future__ import annotations

import pytest
from models import HSB, million_rows

from engine.api import Session
from engine.inference.ddf import degrees_of_freedom
from engine.spec.dfmethod import DfMethod, DfRequest


def _run(session, command):
    outcome = session.run(command)
    assert outcome.rc == 0, outcome.text
    return outcome.text


def _no_rows():
    raise AssertionError("the approximations do not look at rows")


@pytest.mark.parametrize("method", [DfMethod.SATTERTHWAITE, DfMethod.KROGER])
@pytest.mark.benchmark(group="small sample, after the fit")
def test_degrees_of_freedom_of_hsb(benchmark, data_file, method):
    session = Session()
    session.run(f'use "{data_file("hsb")}"')
    _run(session, f"{HSB.command} reml")
    found = benchmark(degrees_of_freedom, session.estimates.result, DfRequest(method), _no_rows)
    assert found.df[0] == pytest.approx(7035.50370418633, rel=1e-4)  # hsb_base_reml_df


@pytest.mark.benchmark(group="small sample, whole command")
def test_hsb(benchmark, data_file):
    session = Session()
    session.run(f'use "{data_file("hsb")}"')
    assert "F(8, 375.61)" in benchmark(_run, session, f"{HSB.command} reml dfmethod(kroger)")


@pytest.mark.slow
@pytest.mark.parametrize("method", ["kroger", "anova", "repeated"])
@pytest.mark.benchmark(group="small sample, whole command")
def test_million_rows(benchmark, method):
    session = Session(data=million_rows())
    command = f"mixed y x || g: x, cov(unstructured) reml dfmethod({method})"
    assert "DF method" in benchmark.pedantic(_run, (session, command), rounds=3, warmup_rounds=1)
