"""A working session: the data, the estimates, and the commands that change them."""

from engine.session.logtext import LogText
from engine.session.outcome import ErrorReport, Outcome
from engine.session.session import HistoryEntry, Session

__all__ = ["ErrorReport", "HistoryEntry", "LogText", "Outcome", "Session"]
