"""What a wrong command is told: what is wrong and what to do, Stata's return code, and the word at fault."""

from __future__ import annotations

import pytest

from engine.api import Session


@pytest.fixture(scope="module")
def session():
    session = Session()
    for line in ("use hsb", "mixed mathach ses i.female || id:"):
        assert session.run(line).rc == 0
    return session


@pytest.mark.parametrize(
    ("command", "rc", "words", "at"),
    [
        ("mix mathach ses || id:", 199, "did you mean mixed?", "mix"),
        ("summarize ses [zweight=size]", 198, "summarize takes aweights, fweights or iweights", "[zweight=size]"),
        ("mixed ses [aw=size] || id:", 101, "aweights not allowed: mixed takes fweights or pweights", "[aw=size]"),
        ("count [fweight=size]", 101, "weights not allowed: count takes no weights", "["),
        ("generate x = 1 using foo", 101, "using not allowed: generate takes no using", "using"),
        ("scatter mathach ses, xaxis(2)", 198, "share one x axis", "xaxis(2)"),
        ("mixed mathach || id:, emiterate(99999999999999999999)", 198, "between 0 and 16000", "99999999999999999999"),
        ("summarize ses, separator(99999999999999999)", 198, "is too large", "99999999999999999"),
        ("mixed mathach || id:, residuals(ar x, t(ses))", 198, "x is not an order", "x"),
        ("mixed mathach || id:, residuals(independent, by())", 198, "by() takes one variable", "by"),
        ("mixed mathach || _all: R.", 198, "a variable is missing after R.", "R."),
        ("mixed mathach L.ses || id:", 111, "time variable not set; use tsset", "L.ses"),
        ("margins, dydx()", 198, "the brackets are empty", "()"),
        ("margins i.female#", 198, "a factor is missing beside #", "i.female#"),
        ("anova mathach female, noconstant", 198, "use regress, noconstant", "noconstant"),
        ("test ses, minimum", 198, "minimum is not available", "minimum"),
        ("tabstat ses, statistics(meen)", 198, "did you mean mean?", "meen"),
        ("bootstrap _b[foo], reps(2): regress mathach ses", 111, "no such coefficient", "foo"),
        ('foreach x of varlist nosuch {\ndisplay "`x\'"\n}', 111, "variable nosuch not found", "nosuch"),
        ("confirm variable nosuch", 111, "variable nosuch not found", "nosuch"),
        ("format %9.2f nosuch", 111, "variable nosuch not found", "nosuch"),
        ("mixed mathach [fweight=size] || id:, fweight(nosuch)", 111, "variable nosuch not found", "nosuch"),
    ],
)  # fmt: skip
def test_the_message_tells_what_to_do_and_points_at_the_word(session, command, rc, words, at):
    outcome = session.run(command)
    assert outcome.rc == rc
    assert words in outcome.error.message
    assert command[slice(*outcome.error.typed_span)] == at
