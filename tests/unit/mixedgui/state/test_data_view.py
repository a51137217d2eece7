"""What the data editor shows: filter, sorting, pins, without Qt and without changing the data."""

import pandas as pd
import pytest

from engine.api import Session
from mixedgui.state.data_view import DataView


@pytest.fixture
def session():
    return Session(pd.DataFrame({"id": [3, 1, 2, 1], "y": [1.5, None, 0.5, 2.5], "s": ["b", "a", "c", "a"]}))


@pytest.fixture
def view(session):
    view = DataView()
    view.set_dataset(session.data)
    return view


def order(view):
    return view.positions(0, view.n_rows).tolist()


def test_everything_is_shown_as_it_stands(view):
    assert view.rows is None
    assert (view.n_rows, order(view), [v.name for v in view.columns]) == (4, [0, 1, 2, 3], ["id", "y", "s"])


def test_filter_and_sort_go_together(view):
    assert view.set_filter("id < 3") is None
    assert order(view) == [1, 2, 3]
    view.sort_by(("y", True))
    assert order(view) == [3, 2, 1], "missing values come last, as with gsort"
    view.sort_by(("s", False), ("y", False))
    assert order(view) == [3, 1, 2]
    view.set_filter("")
    assert order(view) == [3, 1, 0, 2]


def test_filter_that_cannot_be_used_says_why_and_shows_all(view):
    problem = view.set_filter("id < nothere")
    assert "nothere" in problem.message
    assert problem.span == (5, 12)
    assert view.n_rows == 4
    assert view.set_filter("id == 1") is None
    assert view.n_rows == 2


def test_filter_on_text_is_refused(view):
    assert view.set_filter("s") is not None
    assert view.set_filter('s == "a"') is None
    assert order(view) == [1, 3]


def test_a_click_sorts_up_then_down_then_not_at_all(view):
    for expected in ((("y", False),), (("y", True),), ()):
        view.cycle_sort("y")
        assert view.sort == expected
    view.cycle_sort("y")
    view.cycle_sort("id")
    assert view.sort == (("id", False),)


def test_rows_keep_their_places_while_cells_are_edited(session, view):
    view.set_filter("id == 1")
    view.sort_by(("y", False))
    assert order(view) == [3, 1]
    session.run("replace y = 0 in 2")
    session.run("replace id = 9 in 4")
    view.set_dataset(session.data)
    assert (order(view), view.stale) == ([3, 1], True)
    view.reapply()
    assert (order(view), view.stale) == ([1], False)


def test_dropped_rows_and_variables_leave_the_view(session, view):
    view.sort_by(("y", False))
    view.pin("s")
    view.pin("y")
    session.run("drop y")
    session.run("drop in 1")
    view.set_dataset(session.data)
    assert view.sort == ()
    assert view.pinned == ("s",)
    assert order(view) == [0, 1, 2]


def test_another_file_is_shown_whole_and_a_saved_one_as_before(session, view, tmp_path):
    view.set_filter("id == 1")
    view.sort_by(("y", False))
    view.show_only(["id"])
    session.run(f'save "{tmp_path / "a.dta"}"')
    view.set_dataset(session.data)
    assert (view.filter, view.sort, view.hidden) == ("id == 1", (("y", False),), 2)
    session.run(f'save "{tmp_path / "b.dta"}"')
    view.set_dataset(session.data)
    session.run(f'use "{tmp_path / "a.dta"}"')
    view.set_dataset(session.data)
    assert (view.filter, view.sort, view.hidden, order(view)) == ("", (), 0, [0, 1, 2, 3])


def test_pinned_variables_come_first(view):
    view.pin("s")
    assert [v.name for v in view.columns] == ["s", "id", "y"]
    view.pin("s", pinned=False)
    assert [v.name for v in view.columns] == ["id", "y", "s"]


def test_some_variables_can_be_shown_alone(view):
    view.show_only(["s", "id"])
    assert ([v.name for v in view.columns], view.hidden) == (["id", "s"], 1)
    view.show_only([])
    assert view.hidden == 0


def test_positions_and_rows_are_found_both_ways(view):
    view.set_filter("id == 1")
    assert (view.row_of(3), view.row_of(0), view.position(1)) == (1, None, 3)
    assert view.shown_row_ids().tolist() == view.dataset.row_ids[[1, 3]].tolist()


def test_stored_results_are_known_to_filters(session):
    sample = pd.Series([1.0, 0.0, 0.0, 1.0]).to_numpy()
    view = DataView(lambda node: sample if node.name == "sample" else None)
    view.set_dataset(session.data)
    view.set_filter("e(sample)")
    assert order(view) == [0, 3]


def test_listeners_hear_of_each_change_once(session, view):
    calls = []
    view.subscribe(lambda: calls.append(1))
    view.set_filter("id == 1")
    view.show_labels(True)
    view.set_dataset(session.data)
    assert len(calls) == 1


@pytest.fixture
def postponed(session, monkeypatch):
    """Give a view of data that count as large, and the work that it has put off."""
    monkeypatch.setattr("mixedgui.state.data_view.LARGE", 1)
    waiting = []
    view = DataView(later=lambda work, done: waiting.append((work, done)))
    view.set_dataset(session.data)
    return view, waiting


def test_large_data_are_arranged_later_and_shown_as_before_until_then(postponed):
    view, waiting = postponed
    calls = []
    view.subscribe(lambda: calls.append(view.working))
    view.set_filter("id == 1")
    assert (view.working, view.n_rows, calls) == (True, 4, [True])
    work, done = waiting.pop()
    done(work())
    assert (view.working, order(view), calls) == (False, [1, 3], [True, False])


def test_only_the_last_question_is_answered(postponed):
    view, waiting = postponed
    view.set_filter("id == 1")
    view.set_filter("id == 2")
    for work, done in reversed(waiting):
        done(work())
    assert order(view) == [2]
    view.set_filter("")
    assert (view.working, view.n_rows) == (False, 4)


def test_rows_that_are_gone_are_not_shown_while_one_waits(session, postponed):
    view, waiting = postponed
    view.set_filter("id >= 1")
    work, done = waiting.pop()
    done(work())
    session.run("drop in 1/2")
    view.set_dataset(session.data)
    assert (view.working, view.n_rows, order(view)) == (True, 2, [0, 1])
    work, done = waiting.pop()
    done(work())
    assert order(view) == [0, 1]
