"""Any words in any order end in a result or a Stata error with a place, never in a defect."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.api import Session, declarations

FILES_AND_FITS = {
    "use", "webuse", "save", "graph", "do", "run", "log", "mixed", "histogram", "predict", "scatter", "lowess", "qnorm",
    "rvfplot", "exit", "cd", "cmdlog",
}  # fmt: skip
NAMES = [decl.name for decl in declarations() if decl.name not in FILES_AND_FITS]
BEFORE = ["foreach", "forvalues", "if", "bysort g:", "by g:", "quietly", "capture", "version 11:", ""]
WORD_TEXT = """
x y g s _n _N if in by( ) ( = == , 1 2 " ' ` $a `a' `=x' `:word { } of local varlist numlist 1/3 missing label mean(x)
sd(y) group(g) tag(g) std cut at(1 by(g) (1=2) (else=.) generate(q) replace sort detail row chi2 sig star(.05) %9.2f "t"
e(b) r(N) list drop define _b[x] x[_n-1] + - * / ^ ! & | . .a runiform() || : all compact
"""
WORDS = WORD_TEXT.split()
LINES = st.tuples(
    st.sampled_from(BEFORE), st.sampled_from(NAMES), st.lists(st.sampled_from(WORDS), max_size=7), st.booleans()
).map(lambda line: " ".join([line[0], line[1], *line[2]]).strip() + (" {\ncount\n}" if line[3] else ""))
FRAME = pd.DataFrame({
    "x": [1.0, 2.0, np.nan, 4.0, 5.0],
    "y": [2.0, 1.0, 3.0, 5.0, 4.0],
    "g": [1, 1, 2, 2, 3],
    "s": ["a", "b", "", "a", "c"],
})  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _folder(tmp_path_factory):
    """Let whatever writes a file write it elsewhere."""
    before = os.getcwd()
    os.chdir(tmp_path_factory.mktemp("commands"))
    yield
    os.chdir(before)


@pytest.mark.filterwarnings("error")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINES, min_size=1, max_size=6))
def test_no_command_ends_in_a_defect(lines):
    session = Session(data=FRAME)
    session.run("local a x\nglobal a y")
    for line in lines:
        for outcome in session.run_each(line):
            assert outcome.rc != 9 or not outcome.error.details, outcome.error.details
            if outcome.error is not None and outcome.error.span is not None:
                start, end = outcome.error.span
                assert 0 <= start <= end <= len(outcome.command)
                start, end = outcome.error.typed_span
                assert 0 <= start <= end <= len(outcome.typed)
            outcome.to_json()
