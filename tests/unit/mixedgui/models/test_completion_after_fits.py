"""What a session has to offer at the cursor: terms of the fit, stored results, levels, names of other things."""

from __future__ import annotations

from functools import partial

import pytest

from engine.api import Session
from mixedgui.models.completion import complete
from mixedgui.state.picks import picks_of


@pytest.fixture(scope="module")
def session():
    session = Session()
    for line in (
        "use hsb",
        "label define yesno 0 no 1 yes",
        "label values female yesno",
        "matrix A = (1, 2)",
        "mixed mathach i.female##c.ses sector || id:",
        "estimates store full",
        "scatter mathach ses, name(cloud)",
    ):
        assert session.run(line).rc == 0, line
    return session


@pytest.fixture
def words(session):
    def find(text):
        completion = complete(text, session.data, partial(picks_of, session=session))
        return [text[: completion.start] + suggestion.text for suggestion in completion.suggestions]

    return find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("test 1.fem", "test 1.female"),
        ("test 1.female 1.female#", "test 1.female 1.female#c.ses"),
        ("test (1.female=se", "test (1.female=sector"),
        ("test [lns", "test [lns1_1_1]_cons"),
        ("lincom 2*ses + 1.f", "lincom 2*ses + 1.female#c.ses"),
        ("nlcom _b[1.f", "nlcom _b[1.female#c.ses]"),
        ("testnl _b[s", "testnl _b[ses]"),
        ("testparm i.f", "testparm i.female#c.ses"),
        ("margins fem", "margins female"),
        ("margins, dydx(s", "margins, dydx(sector"),
        ("margins female, at(se", "margins female, at(sector=(0 0 1)"),
        ("contrast fem", "contrast female"),
        ("contrast r.fem", "contrast r.female"),
        ("pwcompare fem", "pwcompare female"),
        ("estimates restore f", "estimates restore full"),
        ("estimates stats fu", "estimates stats full"),
        ("lrtest fu", "lrtest full"),
        ("predict r, res", "predict r, residuals"),
        ("estat ic", "estat icc"),
        ("summarize mathach if female == 1", "summarize mathach if female == 1"),
        ("count if inlist(female, ", "count if inlist(female, 1"),
        ("generate x = ln", "generate x = ln("),
        ("generate x = mat", "generate x = mathach"),
        ("count if missing(ma", "count if missing(mathach"),
        ("generate d", "generate double"),
        ("summarize mathach [", "summarize mathach [fweight="),
        ("mixed mathach ib.female", "mixed mathach ib1.female"),
        ("matrix list e(", "matrix list e(b)"),
        ("matlist A", "matlist A"),
        ("graph drop cl", "graph drop cloud"),
        ("use hs", "use hsb"),
        ("webuse prod", "webuse productivity"),
        ("help lrt", "help lrtest"),
        ("gsort -mat", "gsort -mathach"),
        ("rename mat", "rename mathach"),
        ("display ln", "display ln("),
        ("assert fem", "assert female"),
    ],
)
def test_what_may_continue_a_command(words, text, expected):
    assert expected in words(text)


def test_levels_bear_their_value_labels(session):
    completion = complete("count if female == ", session.data)
    assert [(s.text, s.detail) for s in completion.suggestions] == [("0", "no"), ("1", "yes")]


def test_weights_are_those_that_the_command_takes(words):
    assert words("mixed mathach ses [") == ["mixed mathach ses [fweight=", "mixed mathach ses [pweight="]


def test_strings_are_compared_with_quoted_values():
    session = Session()
    session.run('set obs 2\ngenerate str5 town = "Bonn"\nreplace town = "Ulm" in 2')
    assert [s.text for s in complete("list if town == ", session.data).suggestions] == ['"Bonn"', '"Ulm"']
    assert [s.text for s in complete('list if town == "', session.data).suggestions] == ['Bonn"', 'Ulm"']


def test_without_a_fit_nothing_is_made_up():
    session = Session()
    session.run("use hsb")
    offers = partial(picks_of, session=session)
    for text in ("test ", "lincom s", "margins, dydx(", "estimates restore ", "lrtest ", "graph drop "):
        found = [s.text for s in complete(text, session.data, offers).suggestions]
        assert found in ([], [v.name for v in session.data.variables]), text


def test_a_range_of_observations_has_nothing_to_suggest(words):
    assert words("list in 1/") == []
