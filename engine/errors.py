"""What can go wrong, with Stata's return codes.

Every error a user can cause is a :class:`StataError`; anything else that escapes a command is a defect of the program
and is reported as such by the session, never as a traceback.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Span: TypeAlias = tuple[int, int]
"""0-based, half-open range of characters in the text that was typed."""


class StataError(Exception):
    """A command could not be carried out.

    Parameters
    ----------
    rc
        Stata's return code (111, 198, 2000, …).
    message
        What is wrong, where, and what to do, in plain sentences.
    span
        The characters of the command to underline, where they are known.
    """

    def __init__(self, rc: int, message: str, span: Span | None = None) -> None:
        super().__init__(message)
        self.rc = rc
        self.message = message
        self.span = span

    def shifted(self, offset: int) -> StataError:
        """Return the same error with its span moved `offset` characters to the right."""
        if self.span is None:
            return self
        return StataError(self.rc, self.message, (self.span[0] + offset, self.span[1] + offset))


class Stop(StataError):
    """``exit #`` was met: the log shows the return code alone."""

    def __init__(self, rc: int, span: Span | None = None) -> None:
        super().__init__(rc, f"stopped with return code {rc}", span)


class Break(StataError):
    """The user cancelled the command (``--Break--``, r(1))."""

    def __init__(self) -> None:
        super().__init__(1, "--Break--")


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a specification cannot run as it stands; a dialog shows all, a command raises the first."""

    rc: int
    message: str
    option: str = ""
    """Name of the option or field that has to change (object names of controls derive from it)."""
    span: Span | None = None
    warning: bool = False
    """True when the command may run nevertheless."""

    def to_error(self) -> StataError:
        """Return the exception that the command line raises for this problem."""
        return StataError(self.rc, self.message, self.span)
