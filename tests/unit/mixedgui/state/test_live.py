"""When Live fits, shows again, or waits."""

import pytest

from engine.api import mixed_spec_from_text
from mixedgui.state.live import Decision, Done, Step, decide, explain

SPEC = mixed_spec_from_text("mixed weight week || id:")
OTHER = mixed_spec_from_text("mixed weight week || id: week")
SHOWN = mixed_spec_from_text("mixed weight week || id:, stddeviations level(90)")


@pytest.mark.parametrize(
    ("spec", "done", "step"),
    [
        (None, Done(SPEC, 0.01), Step.NOTHING),
        (SPEC, Done(SPEC, 0.01), Step.NOTHING),
        (SPEC, None, Step.WAIT),
        (OTHER, Done(SPEC, 0.01), Step.FIT),
        (OTHER, Done(SPEC, 0.299), Step.FIT),
        (OTHER, Done(SPEC, 0.3), Step.WAIT),
        (OTHER, Done(SPEC, 2.9, first=True), Step.FIT),
        (OTHER, Done(SPEC, 3.0, first=True), Step.WAIT),
        (SHOWN, Done(SPEC, 0.01), Step.SHOW),
        (SHOWN, Done(SPEC, 9.0), Step.SHOW),
        (SHOWN, Done(SPEC, 0.01, well=False), Step.FIT),
    ],
)
def test_what_a_change_leads_to(spec, done, step) -> None:
    assert decide(spec, done, "the command").step is step


def test_a_fit_runs_the_command_and_a_redisplay_only_the_options() -> None:
    assert decide(OTHER, Done(SPEC, 0.1), "the command") == Decision(Step.FIT, "the command")
    assert decide(SHOWN, Done(SPEC, 0.1), "the command").command == "mixed, level(90) stddeviations"


def test_it_says_why_it_waits() -> None:
    assert "1.2 s" in explain(Decision(Step.WAIT), Done(SPEC, 1.2))
    assert "first Submit" in explain(Decision(Step.WAIT), None)
