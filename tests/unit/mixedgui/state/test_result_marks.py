"""Names, notes, pins and the bin of results."""

from mixedgui.state.result_marks import MarksForm, ResultMarks


def test_each_mark_is_one_step_back() -> None:
    marks = ResultMarks()
    marks.rename(2, "base")
    marks.annotate(2, " compare with the next ")
    marks.pin(2, True)
    marks.delete(1)
    assert (marks.name(2), marks.note(2), marks.is_pinned(2)) == ("base", "compare with the next", True)
    assert marks.form.deleted == {1}
    assert marks.undo_text == "Delete result 1"
    for _ in range(4):
        marks.undo()
    assert marks.form == MarksForm()
    marks.redo()
    assert marks.name(2) == "base"


def test_an_empty_text_takes_a_mark_away() -> None:
    marks = ResultMarks()
    marks.rename(1, "x")
    marks.rename(1, "  ")
    assert marks.form.names == {}


def test_a_result_comes_out_of_the_bin_by_itself() -> None:
    marks = ResultMarks()
    marks.delete(1)
    marks.delete(2)
    marks.restore(1)
    assert marks.form.deleted == {2}


def test_forgetting_leaves_nothing_to_take_back_and_keeps_the_listeners() -> None:
    marks, heard = ResultMarks(), []
    marks.subscribe(lambda: heard.append(marks.undo_text))
    marks.pin(1, True)
    marks.forget()
    assert heard == ["Pin result 1", ""]
    assert marks.form == MarksForm()
