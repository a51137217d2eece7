"""What would never end, or fill the memory, is stopped by Break or by a limit with its return code."""

from __future__ import annotations

import threading

import pytest

from engine.api import CancelToken, Session


def run(text, seconds=0.3):
    cancel = CancelToken()
    timer = threading.Timer(seconds, cancel.cancel)
    timer.start()
    outcomes = list(Session().run_each(text, cancel=cancel))
    timer.cancel()
    return outcomes


@pytest.mark.parametrize(
    "text",
    [
        "forvalues i = 1/1e12 {\n}",
        "forvalues i = 1(1)1000000000000 {\nlocal a `i'\n}",
        "program p\nwhile 1 {\n}\nend\np",
        "program p\ncapture noisily p\ncapture noisily p\nend\np",
        'while 1 {\ndisplay "x" _continue\n}',
        "matrix A = (1)\nwhile 1 {\nmatrix A = A*2\n}",
    ],
)
def test_break_ends_what_has_no_end(text):
    outcomes = run(text)
    assert outcomes[-1].rc == 1
    assert all(outcome.error is None or not outcome.error.details for outcome in outcomes)


@pytest.mark.parametrize(
    ("text", "rc"),
    [
        ("local a x\nwhile 1 {\nlocal a `a'`a'\n}", 920),
        ("global a x\nwhile 1 {\nglobal a $a$a\n}", 920),
        ('scalar s = "x"\nwhile 1 {\nscalar s = s + s\n}', 1000),
        ("matrix A = (1)\nwhile 1 {\nmatrix A = A,A\n}", 915),
        ("set obs 1000000000", 909),
        ("matrix A = J(20000,20000,1)", 915),
        ("foreach x of numlist 1/1000000 {\n}", 123),
    ],
)
def test_what_grows_without_end_meets_a_limit(text, rc, monkeypatch):
    monkeypatch.setattr("engine.data.rows.memory_of_machine", lambda: float(8 << 30))
    assert run(text, seconds=20)[-1].rc == rc


def test_do_files_that_call_themselves_end_at_stata_s_limit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.do").write_text("do a.do\n")
    (tmp_path / "b.do").write_text("include b.do\n")
    assert run("do a.do", seconds=20)[-1].rc == 1000
    assert run("do b.do", seconds=20)[-1].rc == 1000
