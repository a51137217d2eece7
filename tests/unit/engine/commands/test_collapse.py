"""``collapse`` and ``contract``: statistics of groups in place of the data."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import Session

NAN = np.nan


@pytest.fixture
def session():
    """Grade point averages by year, with the number of students."""
    frame = pd.DataFrame({
        "gpa": [3.2, 3.5, 2.8, 2.1, 3.8, 2.5, 2.9, 3.7, 2.2, 3.3, 3.4, 2.9],
        "year": [1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4],
        "number": [3, 2, 9, 4, 3, 4, 5, 4, 2, 1, 3, 2],
    })  # fmt: skip
    return Session(data=frame)


def test_means_by_group_are_weighted_by_frequencies(session):
    assert session.run("collapse (mean) gpa [fw=number], by(year)").rc == 0
    expected = [(3 * 3.2 + 2 * 3.5 + 9 * 2.8 + 4 * 2.1) / 18, 35.9 / 12, (4 * 3.7 + 2 * 2.2 + 3.3) / 7, 16 / 5]
    np.testing.assert_allclose(session.data.to_pandas()["gpa"], expected, rtol=1e-6)
    assert session.data.variable("gpa").label == "(mean) gpa"


def test_several_statistics_of_one_variable_need_names(session):
    command = (
        "collapse (mean) m=gpa (median) md=gpa (p25) q=gpa (sd) s=gpa (count) n=gpa (max) number (sum) t=gpa, by(year)"
    )
    frame = session.data.to_pandas()
    assert session.run(command).rc == 0
    found = session.data.to_pandas()
    groups = frame.groupby("year")["gpa"]
    for name, expected in (("m", groups.mean()), ("md", groups.median()), ("s", groups.std()), ("t", groups.sum())):
        np.testing.assert_allclose(found[name], expected.to_numpy(), rtol=1e-6)
    assert found["n"].tolist() == [4, 3, 3, 2]
    assert found["number"].tolist() == [9, 5, 4, 3]
    np.testing.assert_allclose(found["q"], [2.45, 2.5, 2.2, 2.9], rtol=1e-6)  # the rule of summarize


def test_frequency_weights_do_what_repeated_observations_do(session):
    command = (
        "collapse (mean) m=gpa (sd) s=gpa (p10) a=gpa (median) b=gpa (p75) c=gpa (count) n=gpa (semean) e=gpa, by(year)"
    )
    session.run("preserve")
    session.run(command.replace(", by", " [fw=number], by"))
    weighted = session.data.to_pandas()
    session.run("restore")
    session.run("expand number")
    session.run(command)
    np.testing.assert_allclose(weighted.to_numpy(), session.data.to_pandas().to_numpy(), rtol=1e-6)


def test_analytic_weights_add_up_to_the_number_of_observations(session):
    session.run("collapse (mean) m=gpa (sum) s=gpa (count) n=gpa (sd) d=gpa [aw=number]")
    found = session.data.to_pandas().iloc[0]
    x = np.array([3.2, 3.5, 2.8, 2.1, 3.8, 2.5, 2.9, 3.7, 2.2, 3.3, 3.4, 2.9])
    w = np.array([3, 2, 9, 4, 3, 4, 5, 4, 2, 1, 3, 2])
    mean = (w * x).sum() / w.sum()
    spread = np.sqrt((w * (x - mean) ** 2).sum() / w.sum() * 12 / 11)  # [D] collapse, Methods and formulas
    np.testing.assert_allclose(found, [mean, 12 * mean, 12, spread], rtol=1e-6)


def test_missing_values_are_left_out_variable_by_variable_unless_cw(session):
    session.run("replace number = . in 1")
    session.run("preserve")
    session.run("collapse (count) gpa number (first) f=number (firstnm) g=number")
    assert session.data.to_pandas().iloc[0].tolist()[:2] == [12, 11]
    assert np.isnan(session.data.to_pandas()["f"][0])
    assert session.data.to_pandas()["g"][0] == 2
    session.run("restore")
    session.run("collapse (count) gpa number, cw")
    assert session.data.to_pandas().iloc[0].tolist() == [11, 11]


def test_groups_and_extremes_keep_type_format_and_labels(session):
    session.run('label define y 1 "freshman"\nlabel values year y\nformat number %5.1f')
    session.run("collapse (min) number, by(year)")
    assert session.data.variable("year").value_label == "y"
    assert session.data.variable("number").format == "%5.1f"
    assert session.data.sorted_by == ("year",)


@pytest.mark.parametrize(
    ("command", "rc"),
    [
        ("collapse (mean) gpa (sd) gpa", 198),
        ("collapse (average) gpa", 198),
        ("collapse (mean) nothing", 111),
        ("collapse gpa, by(gpa)", 198),
        ("collapse gpa if gpa > 9", 2000),
        ("collapse gpa [fw=gpa]", 401),
        ("collapse gpa [aw=-number]", 402),
        ("collapse (sd) gpa [pw=number]", 135),
        ("collapse", 198),
        ("contract year, freq(year)", 110),
        ("contract year if gpa > 9", 2000),
    ],
)
def test_what_cannot_be_collapsed_is_refused(session, command, rc):
    before = session.data
    assert session.run(command).rc == rc
    assert session.data is before


def test_contract_counts_combinations_and_adds_empty_ones(session):
    session.run("generate byte high = gpa > 3")
    session.run("preserve")
    assert session.run("contract year high, percent(p) cfreq(c)").rc == 0
    frame = session.data.to_pandas()
    assert frame["_freq"].tolist() == [2, 2, 2, 1, 1, 2, 1, 1]
    assert frame["c"].tolist() == [2, 4, 6, 7, 8, 10, 11, 12]
    session.run("restore\ndrop in 12")
    session.run("contract year high, zero freq(n)")
    assert session.data.to_pandas()["n"].tolist() == [2, 2, 2, 1, 1, 2, 0, 1]
