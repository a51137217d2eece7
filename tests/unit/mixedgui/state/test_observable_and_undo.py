"""Observables and undo stacks."""

from mixedgui.state.observable import Observable
from mixedgui.state.undo import Undoable


def test_listeners_hear_each_change_and_a_batch_once() -> None:
    heard = []
    source = Observable()
    stop = source.subscribe(lambda: heard.append(1))
    source.changed()
    with source.batch(), source.batch():
        source.changed()
        source.changed()
    assert len(heard) == 2
    stop()
    source.changed()
    assert len(heard) == 2


def test_a_batch_without_change_is_silent() -> None:
    heard = []
    source = Observable()
    source.subscribe(lambda: heard.append(1))
    with source.batch():
        pass
    assert not heard


def test_undo_takes_steps_back_and_redo_does_them_again() -> None:
    box = Undoable("")
    box.put("a", "Type a")
    box.put("b", "Type b")
    assert box.undo_text == "Type b"
    box.undo()
    assert (box.form, box.redo_text) == ("a", "Type b")
    box.redo()
    assert (box.form, box.redo_text) == ("b", "")
    box.undo()
    box.undo()
    box.undo()
    assert (box.form, box.undo_text) == ("", "")


def test_typing_a_word_is_one_step_until_something_else_happens() -> None:
    box = Undoable("")
    for text in ("w", "we", "week"):
        box.put(text, "Change indepvars", merge="indepvars")
    box.put("week i", "Other")
    box.undo()
    assert box.form == "week"
    box.undo()
    assert box.form == ""


def test_a_new_step_forgets_what_was_undone() -> None:
    box = Undoable(0)
    box.put(1, "one")
    box.undo()
    box.put(2, "two")
    box.redo()
    assert box.form == 2


def test_the_same_value_is_no_step() -> None:
    heard = []
    box = Undoable(0)
    box.subscribe(lambda: heard.append(1))
    box.put(0, "nothing")
    assert not heard
    assert not box.undo_text


def test_reset_returns_to_the_start_and_can_be_undone() -> None:
    box = Undoable(0)
    box.put(5, "five")
    box.reset()
    assert box.form == 0
    box.undo()
    assert box.form == 5
