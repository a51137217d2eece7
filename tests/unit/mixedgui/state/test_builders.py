"""What the builders of lists and expressions hold, without a window."""

import pandas as pd
import pytest

from engine.api import Session
from mixedgui.state.expression_builder import VALUES, ExpressionBuilder, ExpressionForm, entries, search, verdict
from mixedgui.state.varlist_builder import BuilderForm, Effect, PreviewQuestion, TermKind, VarlistBuilder, preview_words


@pytest.fixture
def session() -> Session:
    return Session(pd.DataFrame({"sex": [0, 1, 0, 1], "age": [3.0, 4.0, 5.0, 9.0], "word": ["a", "b", "a", "c"]}))


@pytest.mark.parametrize(
    ("changes", "parts", "term"),
    [
        ({}, [{"variable": "sex"}], "i.sex"),
        ({}, [{"variable": "sex", "base": "#", "value": "1"}], "ib1.sex"),
        ({}, [{"variable": "sex", "base": "(freq)"}], "ib(freq).sex"),
        ({}, [{"variable": "sex", "base": "n"}], "ibn.sex"),
        ({}, [{"variable": "sex", "continuous": True}], "i.sex"),
        ({"effect": Effect.INTERACTION}, [{"variable": "sex"}, {"variable": "age", "continuous": True}], "i.sex#c.age"),
        ({"effect": Effect.FACTORIAL}, [{"variable": "sex"}, {"variable": "age", "base": "(last)"}],
         "i.sex##ib(last).age"),
        ({"effect": Effect.FACTORIAL, "count": 3}, [{"variable": "a"}, {"variable": "b"}, {"variable": "c"}],
         "i.a##i.b##i.c"),
        ({"effect": Effect.FACTORIAL, "count": 3}, [{"variable": "a"}, {"variable": "b"}], ""),
        ({"kind": TermKind.POLYNOMIAL, "power": 3}, [{"variable": "age"}], "c.age##c.age##c.age"),
        ({"kind": TermKind.PLAIN}, [{"variable": "age"}], "age"),
        ({}, [], ""),
    ],
)  # fmt: skip
def test_choices_make_a_term(changes, parts, term) -> None:
    builder = VarlistBuilder(BuilderForm())
    builder.set(**changes)
    for place, part in enumerate(parts):
        builder.set_part(place, **part)
    assert builder.form.term() == term


def test_a_term_is_added_and_taken_back() -> None:
    builder = VarlistBuilder(BuilderForm(varlist="age"))
    assert not builder.add()
    builder.set_part(0, variable="sex")
    assert builder.whole() == "age i.sex"
    assert builder.add()
    assert (builder.form.varlist, builder.form.term()) == ("age i.sex", "")
    builder.undo()
    assert (builder.form.varlist, builder.form.term()) == ("age", "i.sex")


def test_empty_cells_and_collinear_columns_are_said(session) -> None:
    session.run("generate double twice = 2*age")
    answer = PreviewQuestion("age twice i.sex", session.data).answer()
    said, warning = preview_words(answer)
    assert said == "2 coefficients from 4 observations"
    assert warning == "twice is made up by the columns before: omitted."
    session.run("generate byte half = age > 4")
    session.run("replace half = 0 if sex == 1")
    _, warning = preview_words(PreviewQuestion("i.sex##i.half", session.data).answer())
    assert warning == "1.sex#1.half without observations: no coefficient."


def test_problems_name_the_list_or_the_term(session) -> None:
    builder = VarlistBuilder(BuilderForm(varlist="agee"))
    builder.set_part(0, variable="word")
    assert [(p.option, p.rc) for p in builder.problems(session.data)] == [("varlist", 111), ("term", 109)]


@pytest.mark.parametrize(
    ("start", "pieces", "text", "cursor"),
    [
        ("", ["ses", ">", "0"], "ses > 0", 7),
        ("", ["ln(x)", "ses"], "ln(ses)", 6),
        ("ses", ["&"], "ses & ", 6),
        ("a", ["b"], "a b", 3),
        ("", ["(", "ses"], "(ses", 4),
        ("x ==", ['"a"'], 'x == "a"', 8),
    ],
)
def test_pieces_go_in_at_the_cursor(start, pieces, text, cursor) -> None:
    builder = ExpressionBuilder(ExpressionForm(start, len(start)))
    for piece in pieces:
        builder.insert(piece)
    assert (builder.form.text, builder.form.cursor) == (text, cursor)


def test_each_insertion_is_one_step_back_and_moving_the_cursor_is_none() -> None:
    builder = ExpressionBuilder(ExpressionForm())
    builder.insert("age")
    builder.move(0)
    builder.insert("!")
    assert builder.form.text == "!age"
    builder.undo()
    assert builder.form.text == "age"
    builder.undo()
    assert builder.form.text == ""


def test_values_of_a_variable_are_listed_with_their_labels(session) -> None:
    session.run('label define sexlbl 0 "Male" 1 "Female"')
    session.run("label values sex sexlbl")
    assert [(e.text, e.help) for e in entries(VALUES, session, "sex")] == [("0", "Male"), ("1", "Female")]
    assert [e.text for e in entries(VALUES, session, "word")] == ['"a"', '"b"', '"c"']


def test_the_search_looks_through_everything(session) -> None:
    session.run("summarize age")
    assert "r(mean)" in {e.text for e in search("mean", session)}
    assert any(e.text.startswith("sqrt(") for e in search("square root", session))


@pytest.mark.parametrize(
    ("text", "condition", "said", "well"),
    [
        ("age > 4", True, "True in 2 of 4 observations.", True),
        ("age * 2", False, "First values: 6, 8, 10.", True),
        ("age >", True, None, False),
        ("", True, "An empty condition uses all observations.", True),
    ],
)
def test_the_verdict_says_what_the_expression_gives(session, text, condition, said, well) -> None:
    found, fine = verdict(text, session, condition=condition)
    assert fine is well
    assert said is None or found == said
