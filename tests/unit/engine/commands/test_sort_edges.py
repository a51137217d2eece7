"""Orders of awkward columns: all missing, text of any kind."""

import numpy as np
import pandas as pd
import pytest

from engine.api import Session, row_order


@pytest.mark.parametrize("storage", ["byte", "int", "long", "float", "double"])
@pytest.mark.parametrize("descending", [False, True])
def test_a_variable_that_is_all_missing_leaves_the_order(storage, descending):
    session = Session(pd.DataFrame({"id": range(6)}))
    session.run(f"generate {storage} x = .b")
    order = row_order(session.data, [("x", descending)])
    assert order.tolist() == list(range(6))


def test_missing_codes_are_ordered_after_numbers_and_among_themselves():
    session = Session(pd.DataFrame({"id": range(5)}))
    session.run("generate double x = id")
    for command in ("replace x = .z in 1", "replace x = . in 2", "replace x = .a in 3"):
        session.run(command)
    assert row_order(session.data, [("x", False)]).tolist() == [3, 4, 1, 2, 0]
    assert row_order(session.data, [("x", True)]).tolist() == [4, 3, 0, 1, 2]


def test_a_descending_order_has_missing_values_last_unless_asked_otherwise():
    # [D] gsort: mfirst places missing values first in descending orderings rather than last
    session = Session(pd.DataFrame({"x": [2.0, np.nan, 3.0, 1.0], "s": ["b", "", "c", "a"]}))
    session.run("gsort -x")
    assert session.data.numeric("x")[:3].tolist() == [3, 2, 1]
    session.run("gsort -x, mfirst generate(g)")
    assert session.data.numeric("x")[1:].tolist() == [3, 2, 1]
    assert session.data.numeric("g").tolist() == [1, 2, 3, 4]
    session.run("gsort -s, mfirst")
    assert session.data.texts("s").tolist() == ["", "c", "b", "a"]


def test_text_is_ordered_as_python_orders_it_and_ties_keep_their_order():
    texts = ["b", "", "a", "B", "é", "a", "aa", "10", "9"]
    session = Session(pd.DataFrame({"s": texts}))
    expected = sorted(range(len(texts)), key=lambda row: texts[row])
    assert row_order(session.data, [("s", False)]).tolist() == expected
    down = row_order(session.data, [("s", True)])
    assert [texts[row] for row in down] == sorted(texts, reverse=True)
    assert np.array_equal(np.sort(down), np.arange(len(texts)))
