"""The selection that data editor and plots share."""

import numpy as np
import pytest

from mixedgui.state.selection import Selection


@pytest.fixture
def heard():
    selection, calls = Selection(), []
    selection.subscribe(lambda: calls.append(selection.row_ids.tolist()))
    return selection, calls


def test_rows_are_a_set_whatever_their_order(heard):
    selection, calls = heard
    selection.set([7, 3, 3, 5])
    assert calls == [[3, 5, 7]]
    assert (3 in selection, 4 in selection, "3" in selection) == (True, False, False)
    assert len(selection) == 3


def test_listeners_hear_real_changes_only(heard):
    selection, calls = heard
    selection.set([1, 2])
    selection.set(np.array([2, 1]))
    selection.add([2])
    selection.remove([9])
    assert calls == [[1, 2]]
    selection.clear()
    selection.clear()
    assert calls == [[1, 2], []]


def test_rows_can_be_added_removed_and_toggled():
    selection = Selection()
    selection.set([1, 2, 3])
    selection.add([3, 9])
    selection.remove([1])
    assert selection.row_ids.tolist() == [2, 3, 9]
    selection.toggle([3, 4])
    assert selection.row_ids.tolist() == [2, 4, 9]


def test_mask_follows_the_rows_of_the_data_at_hand():
    selection = Selection()
    ids = np.array([40, 10, 30, 20])
    assert selection.mask(ids).tolist() == [False] * 4
    selection.set([10, 20, 99])
    assert selection.mask(ids).tolist() == [False, True, False, True]
    assert selection.mask(np.empty(0, dtype=np.int64)).tolist() == []


def test_mask_is_the_same_however_far_apart_rows_lie():
    random = np.random.default_rng(3)
    for spread in (50, 10**9):
        ids = random.choice(spread, size=40, replace=False).astype(np.int64) + 7
        chosen = random.choice(ids, size=11, replace=False)
        selection = Selection()
        selection.set([*chosen, 2**40, 0])
        assert selection.mask(ids).tolist() == [row in chosen for row in ids]


def test_words_belong_to_the_rows_they_were_said_of():
    selection = Selection()
    selection.set([1], label="School 1", condition="id == 1")
    assert (selection.label, selection.condition) == ("School 1", "id == 1")
    selection.add([2])
    assert (selection.label, selection.condition) == ("", "")


def test_changes_in_a_batch_are_told_once(heard):
    selection, calls = heard
    with selection.batch():
        selection.set([1])
        selection.add([2])
    assert calls == [[1, 2]]
