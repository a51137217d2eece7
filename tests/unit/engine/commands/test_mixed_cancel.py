"""A fit can be stopped at every stage, from reading the data to the last table."""

from __future__ import annotations

import pytest

from engine.api import CancelToken, Session


class Counting(CancelToken):
    """Counts the checks and stops at one of them."""

    def __init__(self, stop_at: int | None = None) -> None:
        super().__init__()
        self.checks = 0
        self._stop_at = stop_at

    def check(self) -> None:
        self.checks += 1
        if self.checks == self._stop_at:
            self.cancel()
        super().check()


COMMAND = "mixed mathach ses || sector: || id: ses, cov(un) reml"


@pytest.fixture
def session(data_file):
    new = Session()
    assert new.run(f'use "{data_file("hsb")}"').rc == 0
    return new


def test_stopping_at_any_check_leaves_the_session_as_it_was(session):
    whole = Counting()
    assert session.run(COMMAND, cancel=whole).rc == 0
    before = session.estimates
    for place in range(1, whole.checks + 1, max(1, whole.checks // 25)):
        outcome = session.run(COMMAND, cancel=Counting(place))
        assert outcome.rc == 1, place
        assert "--Break--" in outcome.text
        assert session.estimates is before


def test_binding_asks_several_times_before_the_first_pass_over_the_rows(session):
    from engine.errors import Break
    from engine.frame.bind import bind
    from engine.spec.mixed import MixedSpec

    token = Counting()
    spec = session.run(COMMAND) and session.estimates.spec
    assert isinstance(spec, MixedSpec)
    bind(spec, session.data, cancel=token)
    assert token.checks >= 6
    with pytest.raises(Break):
        bind(spec, session.data, cancel=Counting(2))


@pytest.mark.parametrize(
    ("command", "least"),
    [
        ("predict b*, reffects reses(s*)", 12),
        ("predict f, fitted", 8),
        ("predict e, residuals", 8),
        ("predict sc*, scores", 8),
    ],
)
def test_predictions_ask_at_every_stage(session, command, least):
    assert session.run("mixed mathach ses || sector: || id: ses, cov(un)").rc == 0
    token = Counting()
    names = session.data.names
    assert session.run(command, cancel=token).rc == 0
    assert token.checks >= least
    session.run(f"drop {' '.join(name for name in session.data.names if name not in names)}")
    for place in range(2, token.checks, max(1, token.checks // 5)):
        assert session.run(command, cancel=Counting(place)).rc == 1
        assert session.data.names == names


def test_structured_residuals_ask_while_their_sums_are_made(data_file):
    session = Session()
    assert session.run(f'use "{data_file("pig")}"').rc == 0
    command = "mixed weight week || id:, residuals(ar 1, t(week))"
    whole = Counting()
    assert session.run(command, cancel=whole).rc == 0
    plain = Counting()
    assert session.run("mixed weight week || id:", cancel=plain).rc == 0
    assert whole.checks > plain.checks + 10
    for place in range(1, whole.checks, max(1, whole.checks // 20)):
        assert session.run(command, cancel=Counting(place)).rc == 1
