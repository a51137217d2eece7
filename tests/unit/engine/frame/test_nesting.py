"""The examination of nesting; the tutoring data are those of the reference do-file, 50 > 250 > 2,000 > 40,000."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from engine.data.dataset import Dataset
from engine.data.dta import read_dta
from engine.frame.nesting import Nesting, advice, examine

ORDER = ("dist_id", "school_id", "teach_id", "student_id")


@pytest.fixture(scope="module")
def tutoring(data_file):
    return read_dta(data_file("tutoring"))


def dataset(**columns):
    return Dataset.from_pandas(pd.DataFrame(columns))


def test_levels_in_order_are_summed_up_in_one_line(tutoring):
    report = examine(tutoring, ORDER)
    assert report.fine
    assert report.suggested is None
    assert report.summary == "40,000 student_id within 2,000 teach_id within 250 school_id within 50 dist_id"
    assert report.pairs[0].sentence == "250 school_id within 50 dist_id"
    assert advice(report) is None


def test_groups_are_counted_by_path(tutoring):
    levels = examine(tutoring, ("teach_id", "school_id")).levels
    assert [(x.n_groups, x.own_groups, x.smallest, x.average, x.largest) for x in levels] == [
        (2_000, 2_000, 40, 40.0, 40),
        (2_000, 250, 40, 40.0, 40),
    ]


@pytest.mark.parametrize("length", [2, 3, 4])
def test_any_wrong_order_gets_the_right_one_suggested(tutoring, length):
    for start in range(5 - length):
        right = ORDER[start : start + length]
        for listed in permutations(right):
            report = examine(tutoring, listed)
            assert (report.suggested or listed) == right
            assert (report.suggested is None) == (listed == right)


def test_two_reversed_levels_read_as_in_the_style_guide(tutoring):
    """docs/look: Microcopy."""
    pair = examine(tutoring, ("student_id", "teach_id")).pairs[0]
    assert pair.kind is Nesting.REVERSED
    assert pair.sentence == (
        "The levels are listed inside out. Each student_id lies in one teach_id. List teach_id first."
    )


def test_four_reversed_levels_say_what_is_so_why_and_what_to_do(tutoring):
    report = examine(tutoring, ORDER[::-1])
    assert report.headline == "The levels are listed inside out."
    assert report.evidence == (
        "Each student_id lies in one teach_id, each teach_id in one school_id, each school_id in one dist_id."
    )
    assert report.consequence == (
        "In this order all four variances describe the same 40,000 groups and cannot be told apart."
    )
    assert report.action == "List dist_id first."


def test_only_the_levels_out_of_order_are_named(tutoring):
    report = examine(tutoring, ("dist_id", "student_id", "teach_id"))
    assert report.suggested == ("dist_id", "teach_id", "student_id")
    assert report.evidence == "Each student_id lies in one teach_id."
    assert report.consequence == (
        "In this order the variances of student_id and teach_id describe the same 40,000 groups "
        "and cannot be told apart."
    )
    assert report.action == "List teach_id above student_id."


def test_the_note_of_the_command_line_gives_the_same_advice_and_the_equations(tutoring):
    note = advice(examine(tutoring, ORDER[::-1]))
    assert note.startswith("Note: The levels are listed inside out.")
    assert all(len(line) <= 78 for line in note.split("\n"))
    assert "|| dist_id: || school_id: || teach_id: || student_id:" in " ".join(note.split())


def test_levels_with_the_same_groups_are_inseparable():
    report = examine(dataset(a=[1, 1, 2, 2, 3, 3], b=[9, 9, 4, 4, 5, 5]), ("a", "b"))
    assert report.pairs[0].kind is Nesting.EQUAL
    assert report.headline == "a and b define the same 3 groups."
    assert "cannot be told apart" in advice(report)


def test_codes_that_recur_are_a_question_with_the_most_recurring_code():
    school = np.repeat([1, 2, 3], 4)
    report = examine(dataset(school=school, room=[1, 1, 2, 2, 1, 1, 3, 3, 1, 1, 3, 3]), ("school", "room"))
    assert report.pairs[0].kind is Nesting.RECUR
    assert report.pairs[0].n_pairs == 6
    assert report.headline == "Codes of room recur: 1 appears in 3 groups of school."
    assert report.levels[1].n_groups == 6
    assert report.suggested is None
    assert advice(report) is None


def test_whether_recurring_codes_are_the_same_groups_is_asked_until_it_is_answered():
    school = np.repeat([1, 2, 3], 4)
    data = dataset(school=school, room=[1, 1, 2, 2, 1, 1, 3, 3, 1, 1, 3, 3])
    report = examine(data, ("school", "room"))
    assert (report.question.outer, report.question.inner) == ("school", "room")
    assert not report.single_rows
    answered = examine(data, ("school", "room"), anew={("school", "room")})
    assert answered.question is None
    assert answered.fine
    assert answered.summary == "6 room within 3 school"


def test_crossed_levels_with_one_row_in_each_cell_are_asked_about_too():
    report = examine(dataset(pig=np.repeat([1, 2, 3], 2), week=[1, 2] * 3), ("pig", "week"))
    assert report.headline == "Each row is a week group of its own."
    assert report.question.inner == "week"
    assert report.single_rows


def test_levels_inside_out_leave_no_question():
    data = dataset(a=[1, 2, 3, 4, 5, 6], b=[1, 1, 2, 2, 3, 3], c=[1, 2, 1, 2, 1, 2])
    assert examine(data, ("a", "b", "c")).question is None


def test_mostly_single_rows_are_pointed_out():
    report = examine(dataset(g=[1, 2, 3, 4, 4]), ("g",))
    assert report.headline == "3 of the 4 groups of g have a single row."


def test_a_level_per_row_cannot_be_estimated():
    assert examine(dataset(g=[1, 2, 3]), ("g",)).headline == "Each row is a g group of its own."


def test_a_single_group_is_pointed_out_first():
    assert examine(dataset(g=[1, 1, 1], h=[1, 1, 2]), ("h", "g")).headline == "g has only one group."


def test_string_levels_missing_values_and_the_mask_are_respected():
    data = dataset(a=["x", "x", "y", "", "y", "y"], b=[1.0, 2.0, 3.0, 4.0, np.nan, 3.0])
    mask = np.array([True, True, True, True, True, False])
    report = examine(data, ("a", "b"), mask)
    assert report.n_obs == 3
    assert report.pairs[0].kind is Nesting.PROPER


def test_a_repeated_level_counts_once_and_the_whole_sample_is_no_level(tutoring):
    report = examine(tutoring, ("_all", "dist_id", "dist_id", "school_id"))
    assert [level.name for level in report.levels] == ["dist_id", "school_id"]


@pytest.mark.parametrize("names", [(), ("_all",)])
def test_without_levels_there_is_nothing_to_say(tutoring, names):
    report = examine(tutoring, names)
    assert report.fine
    assert report.summary == ""
