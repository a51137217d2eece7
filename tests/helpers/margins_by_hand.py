"""Models of the schools for margins and contrasts, and what they should be: L b and L V L' by hand."""

from __future__ import annotations

import numpy as np
import pytest
from outcomes import ran

from engine.api import Session

FACTORIAL = "mixed mathach i.grp##i.sector c.ses##i.sector i.female || id:"


def factorial_session(data_file):
    """Session with the schools in memory and a factorial model fitted and stored as ``factorial``."""
    session = Session()
    ran(session, f'use "{data_file("hsb")}"', "generate grp = mod(id, 3)", FACTORIAL, "estimates store factorial")
    return session


def columns_of(session):
    return [column.name for column in session.estimates.result.columns]


def design(session, **changes):
    """Rows of the design built by hand from the data frame, variables replaced by what `changes` says."""
    frame = session.data.to_pandas().assign(**changes)
    n, rows = len(frame), []
    for column in session.estimates.result.columns:
        values = np.ones(n)
        for part in column.parts:
            own = frame[part.variable].to_numpy(dtype=float)
            values = values * (own if part.level is None else own == part.level)
        rows.append(values)
    return np.array(rows).T


def by_hand(session, L):
    result = session.estimates.result
    return L @ result.beta, np.sqrt(np.einsum("ij,jk,ik->i", L, result.vcov_beta, L))


def check(outcome, session, L, table="margins"):
    estimates, errors = by_hand(session, np.atleast_2d(L))
    rows = outcome.tables[table].rows
    assert [row.values[0] for row in rows] == pytest.approx(estimates, rel=1e-10, abs=1e-12)
    assert [row.values[1] for row in rows] == pytest.approx(errors, rel=1e-9)
