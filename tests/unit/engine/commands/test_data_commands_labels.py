"""Names, labels and formats, through a session."""

from __future__ import annotations

import pandas as pd
import pytest

from engine.data.missing import missing_value
from engine.session.session import Session


def session() -> Session:
    return Session(pd.DataFrame({"x": [1, 2], "y": [0.5, 1.5], "s": ["a", "b"]}))


def run(session: Session, *commands: str) -> str:
    text = ""
    for command in commands:
        outcome = session.run(command)
        assert outcome.rc == 0, (command, outcome.error)
        text = outcome.text
    return text


def test_a_renamed_variable_keeps_values_place_and_sort_order() -> None:
    s = session()
    run(s, "sort x", "rename x group")
    assert s.data.names == ("group", "y", "s")
    assert s.data.numeric("group").tolist() == [1, 2]
    assert s.data.sorted_by == ("group",)


def test_labels_are_given_to_data_variables_and_values() -> None:
    s = session()
    run(s, 'label data "My data"', 'label variable x "The group"', 'label define yn 1 "yes" 2 "no" .a "refused"')
    run(s, "label values x yn")
    assert s.data.label == "My data"
    assert s.data.variable("x").label == "The group"
    assert s.data.labels_of("x") == {1.0: "yes", 2.0: "no", missing_value("a"): "refused"}
    assert "yes" in run(s, "list x")
    assert run(s, "label list yn") == "yn:\n           1 yes\n           2 no\n          .a refused\n"
    assert run(s, "label dir") == "yn\n"
    run(s, "label values x .")
    assert s.data.labels_of("x") == {}
    run(s, "label drop yn")
    assert not s.data.value_labels


def test_a_value_label_changes_only_when_an_option_says_so() -> None:
    s = session()
    run(s, 'label define yn 1 "yes"')
    assert s.run('label define yn 2 "no"').rc == 110
    assert s.run('label define yn 1 "ja", add').rc == 180
    run(s, 'label define yn 2 "no", add', 'label define yn 1 "ja", modify')
    assert s.data.value_labels["yn"].texts == {1.0: "ja", 2.0: "no"}
    run(s, 'label define yn 5 "five", replace')
    assert s.data.value_labels["yn"].texts == {5.0: "five"}


def test_a_format_changes_how_values_are_shown() -> None:
    s = session()
    run(s, "format y %8.2f", "format %-5s s")
    assert s.data.variable("y").format == "%8.2f"
    assert "0.50" in run(s, "list y")
    assert s.data.variable("s").format == "%-5s"


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("rename x y", 110), ("rename x", 198), ("rename nox z", 111), ("rename x 2x", 198), ("label", 198),
        ("label foo x", 198), ("label variable", 198), ('label variable nox "a"', 111), ("label define yn", 198),
        ('label define yn 1.5 "a"', 198), ('label define 2yn 1 "a"', 198), ("label values s yn", 181),
        ("label values", 198), ("label drop nolabel", 111), ("label list nolabel", 111), ('label data "a", add', 198),
        ("format x", 198), ("format %9.2f", 198), ("format x %9", 120), ("format s %9.2f", 120),
        ("format nox %9.2f", 111),
    ],
)  # fmt: skip
def test_names_labels_and_formats_that_cannot_be_are_refused(command: str, rc: int) -> None:
    s = session()
    assert s.run(command).rc == rc
    assert s.data.names == ("x", "y", "s")
