"""The rich table of estimates: what is shown, at how many digits, and on which scale."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from PySide6.QtCore import QRect, Qt

from engine.api import RowKind, Session
from mixedgui.docks.results.interval_axis import AxisMap, axis_ticks
from mixedgui.models.estimates import (
    MARK_ROLE,
    EstimatesModel,
    Scale,
    shown_number,
    tick_label,
)
from mixedgui.models.explainer import Explainer
from mixedgui.models.fit_summary import fit_summary
from mixedgui.models.result_table import EXPLANATION_ROLE, INDENTED_ROLE, KIND_ROLE


@pytest.fixture(scope="module")
def slopes():
    """A fit with a random slope."""
    session = Session()
    session.run("use sleepstudy")
    return session.run("mixed reaction days || subject: days, cov(un)")


def _table(outcome, name):
    return next(block for block in outcome.document.blocks if getattr(block, "id", "") == name)


def _texts(model):
    return [[model.index(r, c).data() for c in range(model.columnCount())] for r in range(model.rowCount())]


@pytest.mark.parametrize(
    ("value", "key", "text"),
    [
        (6.2098957, "estimate", "6.2099"),
        (-0.0068999, "estimate", "−0.0069"),
        (0.0, "estimate", "0.0000"),
        (5.3e-06, "estimate", "5.3e−06"),
        (1234567.8, "estimate", "1,234,568"),
        (68.48005, "statistic", "68.48"),
        (0.0, "p", "< 0.001"),
        (0.3449, "p", "0.345"),
        (math.nan, "se", "."),
    ],
)
def test_numbers_have_the_digits_of_their_column_and_a_real_minus(value, key, text):
    assert shown_number(value, key) == text


def test_fixed_effects_are_shown_at_four_decimals_with_full_digits_in_the_tip(slopes, qapp):
    model = EstimatesModel(_table(slopes, "fixed"), Explainer(slopes))
    assert model.keys == ["stub", "estimate", "se", "statistic", "p", "interval", "drawn"]
    days = slopes.tables["fixed"].rows[0].values
    assert _texts(model)[0][:2] == ["days", f"{days[0]:.4f}"]
    assert model.index(0, 1).data(EXPLANATION_ROLE).exact == repr(days[0])
    assert "one more unit of days" in model.index(0, 1).data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert "95 % conf. interval" in [model.headerData(c, Qt.Orientation.Horizontal) for c in range(7)]


def test_an_intercept_that_would_flatten_the_slopes_stays_off_the_scale_and_says_so(slopes, qapp):
    model = EstimatesModel(_table(slopes, "fixed"))
    days, intercept = (model.index(row, 0).data(MARK_ROLE) for row in (0, 1))
    assert not days.off
    assert intercept.off.startswith("intercept")
    assert model.reach[0] == 0.0
    assert model.reach[1] == days.high


def test_variances_get_standard_deviations_and_a_log_scale_that_covariances_are_not_on(slopes, qapp):
    model = EstimatesModel(_table(slopes, "random"))
    assert model.scale is Scale.LOG
    column = list(model.keys).index("sd")
    rows = {texts[0]: texts[column] for texts in _texts(model)}
    variances = {row.name: row.values[0] for row in slopes.tables["random"].rows}
    assert rows["var(days)"] == f"{math.sqrt(variances['var(days)']):.4f}"
    assert rows["cov(days,_cons)"] == ""
    marks = {model.index(row, 0).data(): model.index(row, 0).data(MARK_ROLE) for row in range(model.rowCount())}
    assert marks["cov(days,_cons)"].off
    assert model.reach[0] > 0


def test_parameters_are_indented_under_their_level_and_the_residual_is_not(slopes, qapp):
    model = EstimatesModel(_table(slopes, "random"))
    rows = {model.index(r, 0).data(): model.index(r, 0) for r in range(model.rowCount())}
    assert rows["subject: Unstructured"].data(KIND_ROLE) is RowKind.GROUP
    assert rows["var(days)"].data(INDENTED_ROLE) is True
    assert rows["var(Residual)"].data(INDENTED_ROLE) is False


def test_limits_that_are_missing_are_not_drawn(qapp):
    session = Session()
    session.run("use sleepstudy")
    outcome = session.run("mixed reaction days || subject:, noci")
    model = EstimatesModel(_table(outcome, "fixed"))
    assert "interval" not in model.keys
    assert "drawn" not in model.keys


@pytest.mark.parametrize(
    ("scale", "reach", "expected"),
    [
        (Scale.LINEAR, (0.0, 6.4), [0.0, 2.0, 4.0, 6.0]),
        (Scale.LINEAR, (-1.7, 12.6), [0.0, 5.0, 10.0]),
        (Scale.LOG, (0.24, 10.6), [0.25, 1.0, 4.0]),
        (Scale.LOG, (1e-4, 120.0), [1e-4, 1e-2, 1.0, 100.0]),
    ],
)
def test_the_axis_carries_round_numbers_with_room_for_each(scale, reach, expected):
    axis = AxisMap(scale, reach, 0.0, 300.0)
    ticks = axis_ticks(axis, room=75.0)
    assert ticks == pytest.approx(expected)
    places = [axis.place(tick) for tick in ticks]
    assert all(b - a >= 60 for a, b in pairwise(places))
    assert all(0 <= place <= 300 for place in places)


def test_tick_labels_have_no_noise():
    assert [tick_label(v) for v in (0.1 + 0.2, -2.0, 1e-16)] == ["0.3", "−2", "0"]


def test_summary_says_method_effects_and_figures(slopes):
    summary = fit_summary(slopes)
    assert summary.title == "Linear mixed model for reaction"
    assert summary.subtitle == "Maximum likelihood  ·  random intercept and slope of days for each subject"
    figures = {figure.caption: (figure.text, figure.remark) for figure in summary.figures}
    assert figures["Observations"] == ("180", "")
    assert figures["Groups (subject)"] == ("18", "10 rows in each")
    # REML aside, lme4's ML fit of the same model: log likelihood -875.9697 (lme4 documentation, sleepstudy)
    assert figures["Log likelihood"][0].startswith("−875.97")
    assert summary.verdict is slopes.verdict
    assert summary.against.startswith("LR χ²(3) = ")


def test_other_commands_and_errors_have_no_summary():
    session = Session()
    assert fit_summary(session.run("use sleepstudy")) is None
    assert fit_summary(session.run("mixed nothing || subject:")) is None
    assert fit_summary(None) is None


def test_drawn_intervals_stay_inside_their_cell():
    cell = QRect(100, 0, 200, 27)
    axis = AxisMap(Scale.LOG, (0.1, 10.0), cell.left(), cell.right())
    assert axis.place(1e-9) == cell.left()
    assert axis.place(1e9) == cell.right()
    assert axis.place(0.0) == cell.left()


def test_headings_say_what_their_numbers_are(slopes, qapp):
    model = EstimatesModel(_table(slopes, "fixed"), Explainer(slopes))
    tips = {
        key: model.headerData(place, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        for place, key in enumerate(model.keys)
    }
    assert tips["p"].startswith("p-value: The probability")
    assert tips["interval"].startswith("Confidence interval")
    assert tips["stub"] is None
    assert not any(tip and "{" in tip for tip in tips.values())


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ("_all: R.plate || sample:", "random intercept of plate  ·  random intercept for each sample"),
        ("sample:, noconstant residuals(exchangeable)", ""),
    ],
)
def test_the_subtitle_counts_a_factor_of_crossed_effects_once_and_leaves_empty_levels_out(levels, words):
    session = Session()
    session.run("use penicillin")
    subtitle = fit_summary(session.run(f"mixed diameter || {levels}")).subtitle
    assert subtitle == "  ·  ".join(["Maximum likelihood", words] if words else ["Maximum likelihood"])
