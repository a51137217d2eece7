"""What the data have against residual structure, weights and clusters, and which part is to blame."""

import numpy as np
import pandas as pd
import pytest

from engine.data.dataset import Dataset
from engine.frame.datacheck import data_problem, needs_data_check
from engine.lang.parse_command import parse_command
from engine.spec.mixed_declaration import MIXED
from engine.spec.mixed_reader import read_mixed


def spec_of(text):
    return read_mixed(parse_command(text, lambda word: MIXED))


@pytest.fixture(scope="module")
def data() -> Dataset:
    rng = np.random.default_rng(5)
    rows = np.arange(48)
    return Dataset.from_pandas(
        pd.DataFrame(
            {
                "y": rng.normal(size=48),
                "id": rows // 6,
                "t": rows % 6,
                "twice": rows % 3,
                "half": (rows % 6) / 2,
                "within": rows % 2,
                "between": rows // 24,
                "w": 1.0 + rows % 3,
                "g": 1.0 + rows // 6,
            }
        )
    )


@pytest.mark.parametrize(
    ("text", "option", "words"),
    [
        ("residuals(exchangeable, by(within))", "residuals_by", "not constant within"),
        ("residuals(ar 1, t(twice))", "residuals_t", "repeated time values"),
        ("residuals(ar 1, t(half))", "residuals_t", "integers"),
        ("residuals(ar 9, t(t))", "residuals_order", "largest distance"),
        ("vce(cluster within)", "vce_cluster", "not nested"),
        ("pweight(w)", "equations", ""),
    ],
)
def test_the_part_to_blame_is_named(data, text, option, words):
    spec = spec_of(f"mixed y || id:, {text}")
    assert needs_data_check(spec)
    problem = data_problem(spec, data)
    assert problem is not None
    assert problem.option == option
    assert words in problem.message


def test_a_weight_that_is_not_positive(data):
    problem = data_problem(spec_of("mixed y [pw=w-2] || id:"), data)
    assert problem is not None
    assert problem.option == "weight_exp"


@pytest.mark.parametrize(
    "text",
    [
        "mixed y || id:, residuals(ar 1, t(t) by(between))",
        "mixed y || id:, vce(cluster between)",
        "mixed y [pw=w] || id:, pweight(g)",
        "mixed y || id:, residuals(independent, by(within))",
    ],
)
def test_what_goes_with_the_data_has_no_problem(data, text):
    assert data_problem(spec_of(text), data) is None


def test_a_condition_that_leaves_nothing_is_to_blame(data):
    for text in ("mixed y if y > 99 || id:", "mixed y if y > 99 || id:, residuals(ar 1, t(t))"):
        assert needs_data_check(spec_of(text))
        problem = data_problem(spec_of(text), data)
        assert (problem.option, problem.rc) == ("if", 2000)
        assert "no observations" in problem.message
    assert data_problem(spec_of("mixed y if y < 99 || id:"), data) is None


def test_other_reasons_are_left_to_the_command(data):
    assert data_problem(spec_of("mixed y if nosuch > 99 || id:, residuals(ar 1, t(t))"), data) is None
    assert not needs_data_check(spec_of("mixed y || id:, reml"))
