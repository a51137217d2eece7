"""Commands run in a session, and what is expected of their outcomes."""

from __future__ import annotations

from engine.api import Outcome, Session


def ran(session: Session, *commands: str) -> Outcome | None:
    """Run commands of which every one succeeds; return the last one's outcome, None without commands."""
    outcome = None
    for command in commands:
        outcome = session.run(command)
        assert outcome.rc == 0, (command, outcome.text)
    return outcome


def refused(session: Session, command: str, rc: int, *words: str) -> Outcome:
    """Run a command that is refused with this code and these words, and not by a defect; return its outcome."""
    outcome = session.run(command)
    assert outcome.rc == rc, (command, outcome.text)
    assert outcome.error is not None
    assert outcome.error.details == "", outcome.error.details
    for word in words:
        assert word in outcome.error.message, (command, outcome.error.message)
    return outcome
