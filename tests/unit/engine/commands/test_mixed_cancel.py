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
