"""The estimation log, line by line from events."""

from __future__ import annotations

import math

from engine.events import Iteration
from engine.spec.mixed import Method
from engine.tables.document import Role
from engine.tables.mixed_log import MixedLog

EVENTS = (
    Iteration("em", 0, -1020.0),
    Iteration("em", 1, -1014.93),
    Iteration("gradient", 0, -1014.92679),
    Iteration("gradient", 1, -1014.92679),
    Iteration("se", 0, math.nan),
)

# stata.md, section 5: the log of example 1 with its trailing blanks
LOG = (
    "",
    "Performing EM optimization ...",
    "",
    "Performing gradient-based optimization: ",
    "Iteration 0:  Log likelihood = -1014.9268  ",
    "Iteration 1:  Log likelihood = -1014.9268  ",
    "",
    "Computing standard errors ...",
)


def lines(log, events=EVENTS):
    return tuple(line for event in events for block in log.blocks(event) for line in block.lines)


def test_the_log_reads_as_printed():
    assert lines(MixedLog(Method.ML)) == LOG


def test_lines_come_as_their_events_do():
    log = MixedLog(Method.ML)
    (first,) = log.blocks(EVENTS[0])
    assert first.lines == LOG[:2]
    assert (first.role, first.foldable) == (Role.LOG, True)
    assert log.blocks(EVENTS[1]) == []
    assert log.blocks(EVENTS[2])[0].lines == LOG[2:5]


def test_reml_names_its_criterion():
    shown = lines(MixedLog(Method.REML), [Iteration("gradient", 0, -870.514731)])
    assert shown[-1] == "Iteration 0:  Log restricted-likelihood = -870.51473  "


def test_values_are_right_justified_in_ten_columns():
    shown = lines(MixedLog(Method.ML), [Iteration("gradient", 0, -253.182)])
    assert shown[-1] == "Iteration 0:  Log likelihood =   -253.182  "


def test_the_text_stays_in_column_15_up_to_100_iterations():
    shown = [lines(MixedLog(Method.ML), [Iteration("gradient", n, -1.5)])[-1] for n in (9, 10, 99, 100)]
    assert [line.index("Log") + 1 for line in shown] == [15, 15, 15, 16]


def test_remarks_follow_the_value():
    shown = lines(MixedLog(Method.ML), [Iteration("gradient", 3, -1014.9268, "not concave")])
    assert shown[-1] == "Iteration 3:  Log likelihood = -1014.9268  (not concave)"


def test_without_random_effects_nothing_is_said_of_em():
    assert lines(MixedLog(Method.ML, has_random=False)) == LOG[2:]


def test_nolog_prints_nothing():
    assert lines(MixedLog(Method.ML, nolog=True)) == ()
