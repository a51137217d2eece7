"""Commands of graphs as the plot editor changes them; each is run to see that it still draws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session
from mixedgui.plots import edit_command as edit

SESSION = Session(data=pd.DataFrame({"y": np.arange(9.0), "z": np.arange(9.0) ** 2, "x": np.arange(9.0) + 1}))


def runs(text):
    outcome = SESSION.run(text)
    assert outcome.rc == 0, outcome.text
    return outcome.graph


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("scatter y x", 'scatter y x, title("New")'),
        ("scatter y x if y > 2, yline(0)", 'scatter y x if y>2, yline(0) title("New")'),
        ('scatter y x, title("Old") yline(0)', 'scatter y x, title("New") yline(0)'),
        ('scatter y x, title("Old") || lfit y x', 'scatter y x, title("New") || lfit y x'),
        ("twoway (scatter y x) (lfit y x), yline(0)", 'twoway scatter y x || lfit y x ||, yline(0) title("New")'),
        ("graph box y", 'graph box y, title("New")'),
        ("qnorm y", 'qnorm y, title("New")'),
    ],
)
def test_a_title_is_set_where_it_stands_or_added_at_the_end(before, after):
    changed = edit.with_option(before, "title", edit.quoted("New"))
    assert changed == after
    assert runs(changed).title == "New"
    assert edit.option_of(edit.with_option(changed, "title", None), "title") is None


def test_titles_keep_lines_and_quotes():
    text = 'First "line"\nand second'
    assert runs(edit.with_option("scatter y x", "title", edit.quoted(text))).title == text


def test_a_series_is_found_and_changed_in_its_own_part():
    text = "scatter y z x, mcolor(navy) || lfit y x"
    places = edit.series_of(text, runs(text))
    assert [(place.part, place.index, place.label) for place in places] == [
        (0, 0, "y"),
        (0, 1, "z"),
        (1, 0, "Fitted values"),
    ]
    assert "msymbol" not in places[2].options
    text = edit.with_item(text, places[1], "mcolor", "255 0 0")
    text = edit.with_item(text, places[1], "msymbol", "T")
    text = edit.with_item(text, places[2], "lcolor", "#009E73")
    assert text == 'scatter y z x, mcolor(navy "255 0 0") msymbol(. T) || lfit y x, lcolor(#009E73)'
    graph = runs(text)
    assert [layer.look.colour for layer in graph.layers] == ["#1A476F", "#FF0000", "#009E73"]
    assert edit.item_of(text, places[1], "mcolor") == "255 0 0"
    assert edit.with_item(text, places[1], "msymbol", None).count("msymbol") == 0


def test_a_style_is_carried_over_as_far_as_the_other_graph_takes_it():
    style = edit.style_of("scatter y x, scheme(s1mono) mcolor(navy) title(not this)")
    assert style == {"scheme": "s1mono", "mcolor": "navy"}
    changed = edit.with_style("graph box y", style)
    assert changed == "graph box y, scheme(s1mono)"
    assert runs(changed).scheme == "s1mono"


def test_a_named_graph_is_drawn_again_under_its_name():
    assert edit.repeatable("scatter y x, name(a) saving(f)") == "scatter y x, name(a, replace)"
    assert edit.repeatable("scatter y x") == "scatter y x"


def test_what_is_edited_is_shown_though_it_was_drawn_unseen():
    text = edit.repeatable("scatter y x, name(a) nodraw")
    assert text == "scatter y x, name(a, replace)"
    runs("scatter y x, name(a) nodraw")
    assert not runs(text).unseen


def test_options_of_the_axis_at_the_right_are_changed_apart():
    text = 'twoway (scatter y x) (line z x, yaxis(2)), ytitle("Left")'
    text = edit.with_option(text, "ytitle", edit.quoted("Right"), second=True)
    graph = runs(text)
    assert (graph.y_title, graph.right_title) == ("Left", "Right")
    text = edit.with_option(text, "ytitle", edit.quoted("New"))
    graph = runs(text)
    assert (graph.y_title, graph.right_title) == ("New", "Right")
    assert edit.option_of(text, "ytitle", second=True) == '"Right"'
    assert edit.option_of(edit.with_option(text, "ytitle", None, second=True), "ytitle") == '"New"'
