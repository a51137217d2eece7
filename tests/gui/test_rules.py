"""The rules between the controls of the dialogs, R1 to R21 of the dialog map: enabled or not, why, and the command.

Each case loads a command (what a state is), names a control, and says whether it is on, what the reason for being off
mentions, and which command the dialog then stands for.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QWidget

from engine.api import Session, StataError
from mixedgui.dialogs.mixed.data_watch import PAUSE_MS
from mixedgui.dialogs.registry import create
from mixedgui.theme import theme

RNG = np.random.default_rng(11)
DATA = pd.DataFrame(
    {
        "y": RNG.normal(size=48),
        "x": RNG.normal(size=48),
        "g": np.repeat(np.arange(12), 4),
        "h": np.repeat(np.arange(4), 12),
        "t": np.tile(np.arange(1, 5), 12),
        "half": np.tile(np.arange(1, 5), 12) / 2,
        "twice": np.tile([1, 1, 2, 3], 12),
        "sex": np.tile([0, 1], 24),
        "w": np.tile([1, 2, 1, 3], 12),
        "wg": np.repeat(np.arange(12) % 3 + 1, 4),
        "c": np.tile(np.arange(6), 8),
    }
)


class FakeWindow(QMainWindow):
    """Runs commands at once."""

    command_finished = Signal(object)
    data_changed = Signal()
    busy_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(DATA)
        self.busy = False

    def run_command(self, text: str) -> None:
        self.command_finished.emit(self.session.run(text))

    def cancel_command(self) -> None:
        """Nothing runs for long."""


@pytest.fixture(scope="module")
def window(qapp):
    theme()
    window = FakeWindow()
    yield window
    for dialog in window.findChildren(QWidget, "dialog_mixed"):
        dialog.hide()
    window.deleteLater()


@pytest.fixture(scope="module")
def only_dialog(window):
    dialog = create("mixed", window)
    dialog.show()
    return dialog


@pytest.fixture
def dialog(only_dialog):
    only_dialog.findChild(QAbstractButton, "reset").click()
    return only_dialog


def control(dialog: QWidget, name: str) -> QWidget:
    found = dialog.findChild(QWidget, f"mixed_{name}")
    assert found is not None, name
    return found


ON = ""
CASES = [
    # rule, command that is loaded, control, why it is off (ON for on), command that is previewed ("" for the same)
    ("R1", "mixed y x [pw=w] || g:, pweight(wg) reml", "weight_type", "REML", "mixed y x || g:, reml"),
    ("R1", "mixed y x || g:, fweight(wg) reml", "weight_type", "REML", "mixed y x || g:, reml"),
    ("R1", "mixed y x || g:, reml vce(robust)", "vce", "REML", "mixed y x || g:, reml"),
    ("R1", "mixed y x [pw=w] || g:, reml pwscale(size)", "pwscale", "REML", "mixed y x || g:, reml"),
    ("R2", "mixed y x [pw=w] || g:, pwscale(size)", "pwscale", ON, "mixed y x [pweight=w] || g:, pwscale(size)"),
    ("R2", "mixed y x || g:, vce(robust)", "vce", ON, ""),
    ("R3", "mixed y x [fw=w] || g:, dfmethod(residual)", "weight_type", "dfmethod()",
     "mixed y x || g:, dfmethod(residual)"),
    ("R3", "mixed y x || g:, dfmethod(residual) vce(robust)", "vce", "model-based standard errors",
     "mixed y x || g:, dfmethod(residual)"),
    ("R3", "mixed y x || g:, dfmethod(residual) nostderr", "nostderr", "dfmethod()",
     "mixed y x || g:, dfmethod(residual)"),
    ("R3", "mixed y x || g:, dfmethod(residual) noci", "noci", "dfmethod()", "mixed y x || g:, dfmethod(residual)"),
    ("R3", "mixed y x || g:, dfmethod(residual) nopvalues", "nopvalues", "dfmethod()",
     "mixed y x || g:, dfmethod(residual)"),
    ("R3", "mixed y x || g:, dftable(ci) dfmethod(residual)", "dftable", ON, ""),
    ("R3", "mixed y x || g:, dftable(ci)", "dftable", "choose a method", "mixed y x || g:"),
    ("R8", "mixed y x [fw=w] || g:, emonly", "emonly", "unweighted", "mixed y x [fweight=w] || g:"),
    ("R8", "mixed y x || g:, residuals(ar 1, t(t)) emonly", "emonly", "residual structure",
     "mixed y x || g:, residuals(ar 1, t(t))"),
    ("R8", "mixed y x || g:, emonly", "emonly", ON, ""),
    ("R9", "mixed y x || g:, residuals(exchangeable) nostderr", "nostderr", "residual structure",
     "mixed y x || g:, residuals(exchangeable)"),
    ("R9", "mixed y x || g:, residuals(independent) nostderr", "nostderr", ON, ""),
    ("R11", "mixed y x || g:, pwscale(size)", "pwscale", "sampling weights", "mixed y x || g:"),
    ("R11", "mixed y x [pw=w] || h: || g:, pwscale(size)", "pwscale", "three levels",
     "mixed y x [pweight=w] || h: || g:"),
    ("R13", "mixed y x || g:, estmetric", "stddeviations", "estmetric", ""),
    ("R13", "mixed y x || g:, estmetric", "noretable", "estmetric", ""),
    ("R13", "mixed y x || g:, estmetric", "nofetable", "estmetric", ""),
    ("R13", "mixed y x || g:, noretable", "estmetric", "noretable", ""),
    ("R15", "mixed y x || g:, nonrtolerance", "nrtolerance", "nonrtolerance", ""),
    ("R15", "mixed y x || g:, nonrtolerance showtolerance", "showtolerance", "nonrtolerance",
     "mixed y x || g:, nonrtolerance"),
    *(("R15", f"mixed y x || g:, nolog {name}", name, "iteration log is off", "mixed y x || g:, nolog")
      for name in ("trace", "gradient", "showstep", "hessian", "showtolerance")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[2]}-{case[1]}")
def test_a_control_is_on_or_off_with_its_reason_and_writes_what_is_in_force(dialog, case) -> None:
    rule, command, name, reason, previewed = case
    dialog.load_command(command)
    widget = control(dialog, name)
    assert widget.isEnabled() is (not reason), rule
    if reason:
        assert reason in widget.accessibleDescription()
        assert widget.accessibleDescription().startswith("Not available ")
        assert widget.accessibleDescription().count("Not available") == 1
        for part in getattr(widget, "buttons", ()):  # the pointer and the screen reader find these
            assert part.accessibleDescription() == widget.accessibleDescription()
            assert part.toolTip() == widget.toolTip()
        assert reason.split()[0] in widget.toolTip()
    assert dialog.preview.text() == (previewed or command)


@pytest.mark.parametrize(
    "case",
    [
        ("R1", "mixed y x || g:, reml", "dfmethod", "satterthwaite", ON),
        ("R1", "mixed y x || g:, reml", "dfmethod", "kroger", ON),
        ("R2", "mixed y x || g:", "dfmethod", "satterthwaite", "needs REML"),
        ("R2", "mixed y x || g:", "dfmethod", "kroger", "needs REML"),
        ("R2", "mixed y x || g:", "dfmethod", "anova", ON),
        ("R10", "mixed y x || g:", "dfmethod", "repeated", ON),
        ("R10", "mixed y x || h: || g:", "dfmethod", "repeated", "two-level model"),
    ],
)
def test_an_entry_of_a_list_is_on_or_off_with_its_reason(dialog, case) -> None:
    rule, command, option, word, reason = case
    dialog.load_command(command)
    box = control(dialog, option)
    item = box.model().item(box.findData(word))
    assert item.isEnabled() is (not reason), rule
    assert reason in item.toolTip()
    assert dialog.preview.text() == command


def test_r4_the_information_matrix_is_asked_for_where_a_method_rests_on_one(dialog) -> None:
    for method, shown in (("residual", False), ("anova", False), ("satterthwaite", True), ("kroger", True)):
        dialog.load_command(f"mixed y x || g:, reml dfmethod({method})")
        assert control(dialog, "dfmethod_oim").isVisibleTo(dialog) is shown
        dialog.state.set_part("df", oim=True)
        oim = ", oim" if shown else ""
        assert dialog.preview.text() == f"mixed y x || g:, reml dfmethod({method}{oim})"


@pytest.mark.parametrize(
    ("weights", "control_named"),
    [("[fw=w] || g:", "weights"), ("|| g:, fweight(wg)", "weights"), ("[pw=w] || g:, pwscale(size)", "weights")],
)
def test_r5_degrees_of_freedom_and_weights_are_refused_by_name(dialog, window, weights, control_named) -> None:
    separator = "" if "," in weights else ","
    command = f"mixed y x {weights}{separator} dfmethod(residual)"
    error = window.session.run(command).error
    assert error.rc == 198
    assert "dfmethod()" in error.message
    assert control_named in error.message
    dialog.load_command(command)  # the dialog keeps the weights, greyed on their tab, and leaves them out
    assert dialog.preview.text() == "mixed y x || g:, dfmethod(residual)"
    assert "dfmethod()" in control(dialog, "weight_type").accessibleDescription()


@pytest.mark.parametrize(
    ("kind", "shown", "label"),
    [("independent", False, ""), ("exchangeable", False, ""), ("ar", True, "Time variable"), ("ma", True, "Time"),
     ("toeplitz", True, "Time variable"), ("exponential", True, "Time variable"), ("unstructured", True, "ID variable"),
     ("banded", True, "ID variable")],
)  # fmt: skip
def test_r6_a_type_that_needs_t_shows_and_requires_it(dialog, kind, shown, label) -> None:
    dialog.load_command("mixed y x || g:")
    control(dialog, "residuals").click()
    control(dialog, "residuals_type").setCurrentText(kind)
    field = control(dialog, "residuals_t")
    assert field.isVisibleTo(dialog) is shown
    assert field.accessibleName().lower().startswith(f"residuals: {label.lower()}") or not shown
    needed = [problem for problem in dialog.problems() if problem.option == "residuals_t"]
    assert bool(needed) is shown
    field.setText("t")
    t = ", t(t)" if shown else ""
    assert dialog.preview.text() == f"mixed y x || g:, residuals({kind}{t})"
    assert not [problem for problem in dialog.problems() if problem.option == "residuals_t"]


@pytest.mark.parametrize(
    "case",
    [
        ("R7", "mixed y x || g:, residuals(exchangeable, by(sex))", "residuals", "sex"),
        ("R7", "mixed y x || g:, residuals(ar 1, t(half))", "residuals", "half"),
        ("R7", "mixed y x || g:, residuals(unstructured, t(half))", "residuals", "half"),
        ("R7", "mixed y x || g:, residuals(unstructured, t(twice))", "residuals", "twice"),
        ("R7", "mixed y x || g:, residuals(toeplitz 1, t(half))", "residuals", "half"),
        ("R16", "mixed y x || g:, vce(cluster c)", "vce", "c"),
        ("R18", "mixed y x || g:, fweight(w)", "", "w"),
    ],
)
def test_the_data_rule_a_model_out_and_the_offending_variable_is_named(dialog, qtbot, case) -> None:
    rule, command, option, words = case
    dialog.load_command(command)
    qtbot.waitUntil(lambda: any(not problem.warning for problem in dialog.problems()))
    problem = next(problem for problem in dialog.problems() if not problem.warning)
    assert words in problem.message, rule
    assert problem.option.startswith(option)
    assert dialog.preview.text() == command


def test_r7_by_may_vary_within_groups_when_residuals_are_independent(dialog, qtbot) -> None:
    dialog.load_command("mixed y x || g:, residuals(independent, by(sex))")
    qtbot.wait(PAUSE_MS + 50)
    assert not [problem for problem in dialog.problems() if not problem.warning]


def test_r12_a_crossed_factor_takes_two_structures_and_has_no_constant(dialog) -> None:
    dialog.create_equation()
    sub = dialog.findChild(QWidget, "dialog_mixed_equation")
    sub.findChild(QAbstractButton, "mixed_equation_crossed").click()
    sub.findChild(QWidget, "mixed_equation_factor").setText("c")
    for name, on in (("identity", True), ("exchangeable", True), ("unstructured", False), ("independent", False)):
        card = sub.findChild(QAbstractButton, f"mixed_equation_covariance_{name}")
        assert card.isEnabled() is on, name
        assert on or card.accessibleDescription().startswith("Not available")
    assert not sub.findChild(QWidget, "mixed_equation_noconstant").isVisibleTo(sub)
    sub.findChild(QAbstractButton, "mixed_equation_covariance_exchangeable").click()
    sub.findChild(QAbstractButton, "ok").click()
    assert dialog.preview.text().endswith("|| _all: R.c, covariance(exchangeable)")
    dialog.load_command("mixed y x || _all: R.c, covariance(unstructured)")
    assert any("covariance(identity)" in problem.message for problem in dialog.problems())


def test_r14_repeating_by_groups_excludes_a_range(dialog) -> None:
    dialog.load_command("mixed y x in 1/40 || g:")
    assert dialog.preview.text() == "mixed y x in 1/40 || g:"
    control(dialog, "by").setText("sex")
    problem = next(problem for problem in dialog.problems() if not problem.warning)
    assert (problem.rc, problem.option) == (190, "by")
    control(dialog, "in_from").setText("")
    control(dialog, "in_to").setText("")
    assert dialog.preview.text() == "bysort sex: mixed y x || g:"
    assert not [problem for problem in dialog.problems() if not problem.warning]


def test_r16_robust_standard_errors_need_maximum_likelihood(dialog) -> None:
    for kind in ("robust", "cluster h"):
        dialog.load_command(f"mixed y x || h: || g:, vce({kind})")
        assert control(dialog, "vce").isEnabled()
        control(dialog, "reml").click()
        assert not control(dialog, "vce").isEnabled()
        assert "maximum likelihood" in control(dialog, "vce").accessibleDescription()
        assert dialog.preview.text() == "mixed y x || h: || g:, reml"
        control(dialog, "mle").click()
        assert dialog.preview.text() == f"mixed y x || h: || g:, vce({kind})"


def test_r17_equations_of_one_level_stand_together_and_the_last_has_the_constant(dialog) -> None:
    dialog.load_command("mixed y x || g: x, noconstant || h: || g:")
    assert any("next to each other" in p.message and p.option == "equations" for p in dialog.problems())
    dialog.load_command("mixed y x || g: x || g:")
    assert not [problem for problem in dialog.problems() if not problem.warning]
    assert dialog.preview.text() == "mixed y x || g: x || g:"
    assert dialog.model.strip.text().count("u_{0,") == 1


@pytest.mark.parametrize("prefix", ["bootstrap, reps(5): ", "mi estimate: "])
def test_r19_prefixes_that_restrict_the_model_never_pass_one_they_do_not_allow(dialog, prefix) -> None:
    """bootstrap takes no weights, mi estimate no dfmethod(): the dialog refuses or names the problem."""
    model = "mixed y x [fw=w] || g:" if "boot" in prefix else "mixed y x || g:, reml dfmethod(kroger)"
    before = dialog.preview.text()
    try:
        dialog.load_command(prefix + model)
    except StataError:
        assert dialog.preview.text() == before
    else:
        assert [problem for problem in dialog.problems() if not problem.warning]


def test_r20_scores_are_off_after_reml(window) -> None:
    window.run_command("mixed y x || g:, reml")
    predict = create("predict", window)
    scores = predict.findChild(QWidget, "predict_scores")
    predict.refresh_data()
    assert not scores.isEnabled()
    assert "REML" in scores.accessibleDescription()
    predict.state.load_command("predict s*, scores")
    assert any(problem.option == "scores" for problem in predict.problems())
    window.run_command("mixed y x || g:")
    predict.refresh_data()
    assert scores.isEnabled()
    assert predict.preview.text() == "predict s*, scores"


@pytest.mark.parametrize(
    ("fit", "method", "works"),
    [("reml", "kroger", True), ("reml", "satterthwaite", True), ("mle", "kroger", False), ("mle", "anova", True)],
)
def test_r21_methods_of_estat_df_follow_the_fit(window, fit, method, works) -> None:
    assert window.session.run(f"mixed y x || g:, {fit}").rc == 0
    outcome = window.session.run(f"estat df, method({method})")
    assert (outcome.rc == 0) is works
    assert works or "REML" in outcome.error.message or "reml" in outcome.error.message


def test_r21_small_waits_for_a_method_for_degrees_of_freedom(window) -> None:
    for command in ("test", "lincom", "contrast"):
        window.run_command("mixed y x || g:, reml")
        dialog = create(command, window)
        dialog.state.load_command(f"{command} x, small")
        dialog.refresh_data()
        small = dialog.findChild(QWidget, f"{command}_small")
        assert not small.isEnabled(), command
        assert "dfmethod()" in small.accessibleDescription()
        assert dialog.preview.text() == f"{command} x"
        window.run_command("mixed y x || g:, reml dfmethod(kroger)")
        dialog.refresh_data()
        assert small.isEnabled(), command
        assert dialog.preview.text() == f"{command} x, small"
