"""A table that is wider than the line goes on in panels below one another."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session


@pytest.fixture
def session() -> Session:
    rng = np.random.default_rng(11)
    return Session(
        pd.DataFrame({"a": rng.integers(0, 3, 400), "b": rng.integers(0, 12, 400), "x": rng.normal(size=400)})
    )


@pytest.mark.parametrize("linesize", [40, 60, 80, 255])
def test_no_line_is_longer_than_the_line_and_no_number_is_lost(session: Session, linesize: int) -> None:
    session.run(f"set linesize {linesize}")
    outcome = session.run("table a b, statistic(mean x)")
    lines = outcome.text.split("\n")
    assert max(map(len, lines)) <= linesize
    panels = sum(line.startswith("-") and "+" in line for line in lines)
    assert (panels == 1) == (linesize == 255)
    heads = [line for line in lines if "|" in line and line.split("|")[0].strip() == ""]
    assert " ".join(head.split("|")[1] for head in heads).split().count("Total") == 1
    table = outcome.tables["table"]
    means = [f"{value:.4g}" for row in table.rows for value in row.values]
    assert len(table.columns) == 13
    printed = " ".join(line.split("|", 1)[1] for line in lines if "|" in line).split()
    assert len([text for text in printed if text.lstrip("-").startswith(".")]) >= len(means) * 0.9


def test_one_column_that_is_too_wide_is_still_shown(session: Session) -> None:
    session.run("set linesize 40")
    session.run('label variable x "A label that is much longer than the line has room for, by far"')
    text = session.run("table a, statistic(mean x)").text
    x = session.data.numeric("x")
    for a in (0, 1, 2):
        assert f"{x[session.data.numeric('a') == a].mean():.7f}".replace("0.", ".") in text
