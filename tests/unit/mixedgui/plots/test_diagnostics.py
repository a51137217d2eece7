"""Diagnostic graphs of the last fit as commands, without a window."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from engine.api import Session
from mixedgui.plots.diagnostics import (
    Diagnostic,
    commands_for,
    drawable_effects,
    effects,
    new_names,
    predictors,
    reason_against,
)


def session_with(command):
    rng = np.random.default_rng(5)
    region = np.repeat(np.arange(6), 40)
    state = np.tile(np.repeat(np.arange(4), 10), 6)  # codes recur in every region
    x, z = rng.normal(size=(2, 240))
    y = x + 3 * rng.normal(size=6)[region] + rng.normal(size=(6, 4))[region, state] * (1 + x) + rng.normal(size=240)
    session = Session(data=pd.DataFrame({"y": y, "x": x, "z": z, "region": region, "state": state, "g": region % 2}))
    assert session.run(command).rc == 0
    return session


@pytest.fixture(scope="module")
def nested():
    """Two levels with a random slope at the lower one."""
    return session_with("mixed y x c.x#c.z i.g || region: || state: x")


def commands(session, kind, **options):
    return commands_for(kind, session.estimates, session.data, **options)


def test_residuals_are_predicted_first_and_drawn_then(nested):
    assert commands(nested, Diagnostic.RESIDUAL_QUANTILES) == ["predict double resid, residuals", "qnorm resid"]
    assert commands(nested, Diagnostic.RESIDUALS_PREDICTOR, predictor="z") == [
        "predict double resid, residuals",
        "lowess resid z",
    ]


def test_residual_plots_name_their_fitted_values(nested):
    assert commands(nested, Diagnostic.RESIDUALS_FITTED) == ["rvfplot, fitted yline(0)"]
    assert commands(nested, Diagnostic.RESIDUALS_XB) == ["rvfplot, xb yline(0)"]


def test_random_effects_are_drawn_with_one_point_per_group(nested):
    assert commands(nested, Diagnostic.EFFECT_QUANTILES) == [
        "predict double u_region_cons u_state_x u_state_cons, reffects",
        "qnorm u_region_cons, per(region)",
        "qnorm u_state_x, per(region state)",
        "qnorm u_state_cons, per(region state)",
    ]


def test_one_effect_can_be_chosen(nested):
    chosen = effects(nested.estimates)[1]
    assert chosen.label == "x of state"
    assert commands(nested, Diagnostic.EFFECT_QUANTILES, effect=chosen)[1:] == ["qnorm u_state_x, per(region state)"]


@pytest.mark.parametrize("kind", list(Diagnostic))
def test_every_command_runs_and_draws(kind):
    session = session_with("mixed y x || region: || state: x")
    drawn = []
    for _ in range(2):  # the second time the names are taken
        for command in commands(session, kind):
            outcome = session.run(command)
            assert outcome.rc == 0, outcome.error
            if outcome.graph is not None:
                drawn.append(outcome.graph)
    assert len(drawn) == (6 if kind is Diagnostic.EFFECT_QUANTILES else 2)
    if kind is Diagnostic.EFFECT_QUANTILES:
        assert [len(graph.layers[0].x) for graph in drawn[:3]] == [6, 24, 24]


def test_predictors_are_the_variables_of_the_fixed_part(nested):
    assert predictors(nested.estimates, nested.data) == ("x", "z", "g")


def test_names_are_new_valid_and_distinct():
    assert new_names(["resid"], ["resid", "resid2"]) == ["resid3"]
    assert new_names(["u_id_c.x#c.x", "u_id_c.x#c.x"], []) == ["u_id_c_x_c_x", "u_id_c_x_c_x2"]
    (long,) = new_names(["v" * 40], ["v" * 32])
    assert len(long) == 32
    assert long.endswith("v2")


def test_without_a_fit_the_reason_is_given():
    session = Session()
    for kind in Diagnostic:
        assert reason_against(kind, session.estimates, session.data) == "There is no fit yet. Fit a model first."


def test_other_data_in_memory_are_a_reason(nested):
    other = Session(data=pd.DataFrame({"a": [1.0]})).data
    reason = reason_against(Diagnostic.RESIDUAL_QUANTILES, nested.estimates, other)
    assert "no variable y" in reason


def test_a_model_without_random_effects_has_none_to_draw():
    session = session_with("mixed y x")
    assert drawable_effects(session.estimates) == ()
    assert "no random effects" in reason_against(Diagnostic.EFFECT_QUANTILES, session.estimates, session.data)
    assert reason_against(Diagnostic.RESIDUALS_FITTED, session.estimates, session.data) == ""


def test_an_effect_with_zero_variance_is_not_offered():
    session = session_with("mixed y x || g: || region:")
    assert [effect.level for effect in drawable_effects(session.estimates)] == ["region"]
    assert commands(session, Diagnostic.EFFECT_QUANTILES) == [
        "predict double u_g_cons u_region_cons, reffects",
        "qnorm u_region_cons, per(g region)",
    ]


def test_a_model_without_predictors_has_none_to_draw_against():
    session = session_with("mixed y || region:")
    reason = reason_against(Diagnostic.RESIDUALS_PREDICTOR, session.estimates, session.data)
    assert "no predictor" in reason


def test_the_module_needs_no_qt():
    loaded = "any(name.startswith(('PySide6', 'pyqtgraph')) for name in sys.modules)"
    code = f"import sys, mixedgui.plots.diagnostics; sys.exit({loaded})"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
