"""NIST's one-way data sets SmLs01 to SmLs09: correct digits of both variance components, fitted by REML.

The second three sets lose digits because 1000000.4 is not a double, the last three because 1000000000000.4 is not.
"""

from __future__ import annotations

import pytest
from frames import make_frame
from nist import SETS, certified, digits, smls

from engine.fit.estimate import estimate
from engine.spec.mixed import CovarianceKind, Method

FLOORS = {"1": (13.7, 14.2), "1000000": (9.9, 10.2), "1000000000000": (3.9, 4.2)}
"""Digits between and within treatments by the constant, docs of the engine, *Accuracy*; a last digit may round."""


def variances(name):
    frame = make_frame(smls(name), "y", ["_cons"], [("treatment", CovarianceKind.IDENTITY, ["_cons"])], Method.REML)
    between, within = estimate(frame).parameters
    return between.estimate, within.estimate


@pytest.mark.parametrize("name", SETS)
def test_variances_have_all_the_digits_that_the_data_hold(name):
    for value, exact, floor in zip(variances(name), certified(name), FLOORS[SETS[name][0]], strict=True):
        assert digits(value, exact) >= floor


def test_the_sets_are_those_of_the_definition():
    data = smls("SmLs01")
    assert data["y"][:4].tolist() == [1.4, 1.3, 1.5, 1.3]
    assert data["y"][21:24].tolist() == [1.3, 1.2, 1.4]
    assert len(smls("SmLs09")["y"]) == 9 * 2001
    assert smls("SmLs09")["y"][0] == 1000000000000.4
