"""Messages for slips of a beginner: Stata's code, what is wrong, where, and what to write instead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session

FRAME = pd.DataFrame({"y": np.arange(12.0), "ses": np.sin(np.arange(12.0)), "id": np.repeat([1, 2, 3], 4)})
FRAME["name"] = "a"


@pytest.mark.parametrize(
    ("line", "rc", "says", "place"),
    [
        ("mixed y sess || id:", 111, "variable sess not found; did you mean ses?", "sess"),
        ("mixed y ses | id:", 198, "two bars: || id:", "|"),
        ("mixed y ses id:", 198, "two bars: || id:", "id:"),
        ("mixed y ses || id", 198, "write || id:", "id"),
        ("mixed y ses || id: ses cov(un)", 111, "if the option covariance is meant, put a comma before it", "cov"),
        ("mixed y ses || id:, nolgo", 198, "option nolgo not allowed; did you mean nolog?", "nolgo"),
        ("mixed name ses || id:", 109, "type mismatch: name is a string variable", "name"),
        ("regress y ses robust", 111, "put a comma before it", "robust"),
        ("histogram y normal", 111, "put a comma before it", "normal"),
        ("graph box y over(id)", 111, "put a comma before it", "over"),
        ("collapse y by(id)", 111, "put a comma before it", "by"),
        ("generate x = log ses", 198, "write log(ses)", "ses"),
        ("generate x == 3", 100, "=exp required: = assigns a value, == compares", "x == 3"),
        ("generate 1x = 3", 198, "1x invalid name", "1x"),
        ("replace ses 3", 100, "=exp required: write replace ses = exp", "ses 3"),
        ("summarize ses if id = 1", 198, "to compare, write ==", "="),
        ("summarize ses in 1-10", 198, "such as 1/20", "in 1-10"),
        ("egen m = avg(ses)", 133, "unknown egen function avg(); did you mean mean()?", "avg"),
        ("label values sex yn", 111, "variable sex not found; did you mean ses?", "sex"),
        ("display `x", 198, "a macro ends with '", "`"),
        ('display "x', 132, "too few quotes", '"x'),
        ("generate x = (ses", 132, "too few ')' or ']'", "("),
        ("by id: summarize ses", 5, "not sorted", "by id:"),
        ("sumarize ses", 199, "command sumarize is unrecognized; did you mean summarize?", "sumarize"),
        ("set seed abc", 198, "2,147,483,647", "seed abc"),
    ],
)
def test_a_slip_is_named_with_its_place_and_what_to_do(line, rc, says, place):
    session = Session(data=FRAME)
    outcome = session.run(line)
    assert outcome.rc == rc
    assert says in outcome.error.message
    assert line[slice(*outcome.error.span)] == place


def test_a_variable_that_is_merely_missing_gets_no_hint_about_options():
    assert Session(data=FRAME).run("summarize zzz").error.message == "variable zzz not found"


def test_label_values_without_a_label_takes_it_away():
    session = Session(data=FRAME)
    session.run('label define l 1 "one"\nlabel values id l\nlabel values id')
    assert session.data.variable("id").value_label == ""
