"""Dialogs made from the declarations of the companion estimators."""

from __future__ import annotations

import pytest

from mixedgui.dialogs.registry import create


@pytest.mark.parametrize(
    "text",
    [
        "anova score person drug, repeated(drug)",
        "anova score calib / subject|calib shape calib#shape [fweight=w], sequential",
        "xtreg y x i.g, fe vce(cluster id)",
        "xtreg y x, mle nolog",
        "regress y x [pweight=w], vce(robust)",
        "hausman fixed random, sigmamore df(2)",
    ],
)
def test_the_dialog_gives_back_the_command_it_was_filled_from(window, text):
    dialog = create(text.split()[0], window)
    dialog.state.load_command(text)
    assert dialog.state.to_command() == text


def test_what_the_program_does_not_have_is_disabled_with_the_reason(window):
    for name, option in (("anova", "noconstant"), ("xtreg", "pa"), ("hausman", "alleqs")):
        assert "not available" in create(name, window).state.disabled_reasons()[option]


def test_a_model_is_put_together_from_its_variables(window):
    window.session.run("webuse pig")
    state = create("xtreg", window).state
    state.set_piece("depvar", "weight")
    state.set_piece("indepvars", "i.week")
    state.load_command("xtreg weight i.week, fe i(id)")
    assert state.piece("indepvars") == "i.week"
    assert state.to_command() == "xtreg weight i.week, fe i(id)"
    assert not state.problems(window.session.data)
