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
