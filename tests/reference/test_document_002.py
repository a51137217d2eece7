"""The exploration of four levels (document 002) as one do-file, nested as printed and as the answer to it has it.

``document_002.do`` holds the commands as printed, with ``set seed`` (random numbers are this program's own) and the
comment lines left out. The text simulates 5 districts with 5 schools each, 8 teachers each, 20 students each and
2 semesters; the standard deviations are 2, 3, 4, 5 and 6, and tutoring gains 2.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from engine.api import Session

DOFILE = Path(__file__).with_name("document_002.do").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def ran():
    """Run the do-file; give its session and the outcomes of its commands."""
    session = Session()
    return session, list(session.run_each(DOFILE))


@pytest.fixture(scope="module")
def models(ran):
    """Give the outcomes of the five models: fe, re, student, backwards, nested."""
    _, outcomes = ran
    found = [outcome for outcome in outcomes if outcome.command.startswith(("xtreg", "xtmixed"))]
    return dict(zip(("fe", "re", "student", "backwards", "nested"), found, strict=True))


def column(session: Session, name: str) -> np.ndarray:
    """Return a variable's values."""
    return session.data.to_pandas()[name].to_numpy(dtype=float)


def row(text: str, label: str) -> list[float]:
    """Return the numbers of the first row with this label."""
    for line in text.split("\n"):
        left, _, right = line.partition("|")
        if left.strip() == label:
            return [float(word.replace(",", "")) for word in right.split() if re.match(r"[-.\d]*\d", word)]
    raise AssertionError(label)


def log_likelihood(text: str) -> str:
    return re.search(r"^Log likelihood = (\S+)", text, re.MULTILINE).group(1)


def test_every_command_runs(ran):
    _, outcomes = ran
    assert [(outcome.command, outcome.text) for outcome in outcomes if outcome.rc] == []


def test_the_design_is_the_one_described(ran):
    session, _ = ran
    for name, groups in (("dist_id", 5), ("school_id", 25), ("teach_id", 200), ("student_id", 4000)):
        assert len(np.unique(column(session, name))) == groups
    assert len(column(session, "perform")) == 8000
    assert abs(column(session, "tutoring").mean() - 0.2) < 4 * np.sqrt(0.2 * 0.8 / 8000)


def test_fixed_effects_are_those_of_deviations_from_student_means(ran, models):
    """The within estimator by its definition: b = Sxy/Sxx of deviations, sigma_e on NT - N - 1 degrees of freedom."""
    session, _ = ran
    student = column(session, "student_id").astype(int) - 1
    x, y = (
        values - (np.bincount(student, values) / 2)[student]
        for values in (column(session, "tutoring"), column(session, "perform"))
    )
    b = x @ y / (x @ x)
    sigma = np.sqrt(np.sum((y - b * x) ** 2) / (8000 - 4000 - 1))
    found = row(models["fe"].text, "tutoring")
    assert found[0] == pytest.approx(b, rel=1e-6)
    assert found[1] == pytest.approx(sigma / np.sqrt(x @ x), rel=1e-6)
    assert row(models["fe"].text, "sigma_e")[0] == pytest.approx(sigma, rel=1e-6)


def test_random_effects_are_those_of_quasi_deviations(ran, models):
    """Balanced GLS by its definition: least squares of y - theta ybar, theta = 1 - sqrt(s_e^2/(T s_u^2 + s_e^2))."""
    session, _ = ran
    text = models["re"].text
    sigma_u, sigma_e = (row(text, name)[0] for name in ("sigma_u", "sigma_e"))
    theta = 1 - np.sqrt(sigma_e**2 / (2 * sigma_u**2 + sigma_e**2))
    student = column(session, "student_id").astype(int) - 1
    x, y, one = (
        values - theta * (np.bincount(student, values) / 2)[student]
        for values in (column(session, "tutoring"), column(session, "perform"), np.ones(8000))
    )
    b = np.linalg.lstsq(np.column_stack((x, one)), y, rcond=None)[0]
    assert row(text, "tutoring")[0] == pytest.approx(b[0], rel=2e-6)
    assert row(text, "_cons")[0] == pytest.approx(b[1], rel=2e-6)


@pytest.mark.parametrize("model", ["fe", "re", "student", "backwards", "nested"])
def test_tutoring_gains_two(models, model):
    b, se = row(models[model].text, "tutoring")[:2]
    assert abs(b - 2) < 4 * se


def test_single_level_is_nearly_the_random_effects_model(models):
    assert row(models["student"].text, "tutoring")[0] == pytest.approx(row(models["re"].text, "tutoring")[0], abs=1e-3)


def test_backwards_nesting_is_the_student_model_and_says_so(models):
    text = models["backwards"].text
    assert log_likelihood(text) == log_likelihood(models["student"].text)
    shares = [float(value) for value in re.findall(r"sd\(_cons\) \| +(\S+)", text)]
    assert len(shares) == 4
    whole = row(models["student"].text, "sd(_cons)")[0]
    assert np.sqrt(np.sum(np.square(shares))) == pytest.approx(whole, rel=1e-5)
    assert re.search(r"\|\| dist_id: \|\| school_id: \|\| teach_id: \|\| student_id:", text)


def test_right_nesting_finds_the_levels(models):
    text = models["nested"].text
    assert float(log_likelihood(text)) > float(log_likelihood(models["backwards"].text))
    rows = [line.partition("|")[2].split() for line in text.split("\n") if re.match(r" +sd\(", line)]
    for (estimate, se, *_), truth in zip(rows[1:], (3, 4, 5, 6), strict=True):
        assert abs(float(estimate) - truth) < 4 * float(se)
    for name, groups in (("dist_id", 5), ("school_id", 25), ("teach_id", 200), ("student_id", 4000)):
        assert row(text, name)[0] == groups


def test_the_same_seed_gives_the_same_numbers(ran):
    session, _ = ran
    again = Session()
    for outcome in again.run_each(DOFILE.split("xtset")[0]):
        assert outcome.rc == 0
    assert np.array_equal(column(again, "perform"), column(session, "perform"))


def test_under_version_11_the_models_are_restricted_likelihood_as_in_the_text():
    session = Session()
    older = DOFILE.replace("\nxtmixed", "\nversion 11: xtmixed")
    texts = [outcome.text for outcome in session.run_each(older) if "xtmixed" in outcome.command]
    assert len(texts) == 3
    student, backwards, nested = (re.search(r"^Log restricted-likelihood = (\S+)", t, re.MULTILINE) for t in texts)
    assert student.group(1) == backwards.group(1)
    assert float(nested.group(1)) > float(student.group(1))
    assert all("Mixed-effects REML regression" in text for text in texts)
