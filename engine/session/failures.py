"""What is told about a command that failed."""

from __future__ import annotations

import re
import traceback

from engine.errors import Span, StataError, Stop
from engine.lang.dofile import SourceCommand
from engine.lang.macros import Expanded
from engine.session.hints import with_hint
from engine.session.outcome import ErrorReport
from engine.tables.document import Lines, Role

_ABSENT = re.compile(r"(?:\w+ )?\[?([^\W\d]\w*)\]? not found")

DEFECT_RC = 9
"""Return code of an error that is the program's, not the user's."""


def report_of(failure: Exception, source: SourceCommand, expanded: Expanded) -> ErrorReport:
    """Return what to tell about a failure; one that is not the user's becomes a defect report.

    An error that has no part of the command for its place has the whole command. Places are told in the command as it
    ran, `expanded`, and as it was typed, `source`.
    """
    text = expanded.text
    whole = (len(text) - len(text.lstrip()), len(text))
    typed_whole = (0, len(source.text))
    if isinstance(failure, StataError):
        failure = with_hint(failure, text)
        found = failure.span
        span = whole if found is None or not 0 <= found[0] <= found[1] <= len(text) else found
        span = _where_named(failure, text, span)
        typed = expanded.typed_span(span) if text != source.text else span
        alone = isinstance(failure, Stop)
        return ErrorReport(failure.rc, failure.message, span, typed_span=typed, code_alone=alone)
    if isinstance(failure, RecursionError):
        return ErrorReport(DEFECT_RC, "the command is nested too deeply", whole, typed_span=typed_whole)
    if isinstance(failure, MemoryError):
        message = "not enough memory for this command; the data and the estimates are unchanged"
        return ErrorReport(950, message, whole, typed_span=typed_whole)
    message = (
        f"this is a defect of the program, not of your command ({type(failure).__name__}: {failure}); "
        "the data and the estimates are unchanged"
    )
    return ErrorReport(DEFECT_RC, message, None, "".join(traceback.format_exception(failure)))


def _where_named(failure: StataError, text: str, span: Span) -> Span:
    """Return the place of a name that is not there, should `span` have come to point elsewhere.

    Names come out of pieces of a command, such as the list of a loop or the text of an option, whose place is not
    always kept.
    """
    absent = _ABSENT.match(failure.message)
    if absent is None or absent[1] in text[slice(*span)]:
        return span
    found = re.search(rf"(?<!\w){re.escape(absent[1])}(?!\w)", text)
    return span if found is None else found.span()


def error_block(error: ErrorReport) -> Lines:
    """Return the lines of an error as the log shows them."""
    message = () if error.code_alone else error.message.split("\n")
    return Lines((*message, f"r({error.rc});"), Role.ERROR)
