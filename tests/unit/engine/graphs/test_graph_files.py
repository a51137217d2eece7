"""Graphs written to files and read again, bit for bit."""

from __future__ import annotations

import json

import numpy as np
import pytest

from engine.errors import StataError
from engine.graphs.axes import Axis, Grid, Key, Legend, Panel, Tick
from engine.graphs.files import read_graph, save_graph, to_plain, with_ending
from engine.graphs.graphspec import GraphSpec, Layer, LayerStyle, Mark
from engine.graphs.look import Dash, Look, Symbol

X = np.array([1 / 3, 1e-300, -0.0, 7.0])
GRAPH = GraphSpec(
    kind="scatter",
    title='Two "words"\nand a line',
    x_title="x",
    y_title="\N{GREEK SMALL LETTER BETA}",
    layers=(
        Layer(
            mark=Mark.POINT,
            x=X,
            y=X * 2,
            rows=np.array([5, 6, 7, 2**60]),
            panel="a",
            plot=3,
            texts=("p", "q", "r", "s"),
            look=Look(colour="#FF0000", symbol=Symbol.DIAMOND, hollow=True, dash=Dash.DOT),
        ),
        Layer(mark=Mark.INTERVAL, x=X, y=X, ll=X - 1, ul=X + 1, panel="b", style=LayerStyle.BAND),
    ),
    per=("school", "id"),
    x_axis=Axis(log=True, ticks=(Tick(1.0, "one"), Tick(2.0))),
    panels=(Panel(key="a", title="A", y_axis=Axis(low=0.0)), Panel(key="b")),
    grid=Grid(columns=2, common_y=False),
    legend=Legend(shown=True, keys=(Key(3, "three"),), clock=3),
    aspect=0.5,
    scale=2.0,
)


def test_what_is_read_is_what_was_written(tmp_path):
    save_graph(GRAPH, tmp_path / "g.gph", overwrite=False)
    again = read_graph(tmp_path / "g.gph")
    assert to_plain(again) == to_plain(GRAPH)
    np.testing.assert_array_equal(again.layers[0].x.view(np.int64), X.view(np.int64))
    assert again.layers[0].rows.tolist() == [5, 6, 7, 2**60]
    assert again.layers[0].look == GRAPH.layers[0].look
    assert again.panels == GRAPH.panels
    assert again.x_axis == GRAPH.x_axis
    assert again.legend == GRAPH.legend


def test_a_file_without_ending_gets_one_and_is_not_overwritten_unasked(tmp_path):
    target = with_ending(tmp_path / "g")
    assert target.name == "g.gph"
    save_graph(GRAPH, target, overwrite=False)
    with pytest.raises(StataError) as caught:
        save_graph(GRAPH, target, overwrite=False)
    assert caught.value.rc == 602
    save_graph(GRAPH, target, overwrite=True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda plain: plain.update(mixedgui_graph=2), "later version"),
        (lambda plain: plain["graph"].update(colour="red"), "damaged: unknown part colour"),
        (lambda plain: plain["graph"]["layers"][0].update(mark="star"), "damaged"),
        (lambda plain: plain["graph"]["layers"][0]["y"].update(base64="AAAA"), "damaged"),
        (lambda plain: plain["graph"].pop("layers"), "damaged"),
        (lambda plain: plain.pop("mixedgui_graph"), "not written by graph save"),
    ],
)
def test_what_is_no_graph_of_this_program_is_refused_in_words(tmp_path, change, words):
    path = tmp_path / "g.gph"
    save_graph(GRAPH, path, overwrite=False)
    plain = json.loads(path.read_text(encoding="utf-8"))
    change(plain)
    path.write_text(json.dumps(plain), encoding="utf-8")
    with pytest.raises(StataError, match=words) as caught:
        read_graph(path)
    assert caught.value.rc == 610


def test_a_graph_of_stata_and_a_missing_file_are_told_apart(tmp_path):
    (tmp_path / "s.gph").write_bytes(b"StataFileTM:00008:01100:LSF\x00")
    with pytest.raises(StataError, match="graphs of Stata cannot be read"):
        read_graph(tmp_path / "s.gph")
    with pytest.raises(StataError) as caught:
        read_graph(tmp_path / "none.gph")
    assert caught.value.rc == 601
