"""estmetric, coeflegend, and what trace, gradient, hessian, showstep and showtolerance add to the log."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.api import Session
from engine.events import IterationDetail
from engine.spec.mixed import Maximization
from engine.tables.mixed_detail import detail_lines


@pytest.fixture(scope="module")
def pig(data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    session.run("mixed weight week || id: week, covariance(unstructured) nolog")
    return session


def test_the_estimation_metric_stands_equation_by_equation(pig):
    lines = pig.run("mixed, estmetric noheader").text.split("\n")
    rule = "-------------+----------------------------------------------------------------"
    assert lines[1:5] == [
        "-" * 78,
        "      weight | Coefficient  Std. err.      z    P>|z|     [95% conf. interval]",
        rule,
        "weight       |",
    ]
    assert [line for line in lines if line.startswith(("lns", "atr"))] == [
        "lns1_1_1     |", "lns1_1_2     |", "atr1_1_1_2   |", "lnsig_e      |",
    ]  # fmt: skip
    assert lines.count(rule) == 5
    # ln sqrt(.3715246), the variance of week that the manual prints
    assert any(line.startswith("       _cons |    -.49507 ") for line in lines)
    assert lines[-4].startswith("LR test vs. linear model")


def test_the_legend_names_every_element_of_e_b(pig):
    text = pig.run("mixed, coeflegend noheader").text
    assert "      weight | Coefficient  Legend\n" in text
    assert "        week |   6.209896  _b[weight:week]\n" in text
    e = pig.e.matrices["b"]
    for name in e.cols:
        assert f"_b[{name}]" in text


def test_names_of_the_legend_are_understood_by_expressions(pig):
    pig.run("generate double legend = _b[lnsig_e:_cons] in 1")
    value = pig.data.to_pandas()["legend"].iloc[0]
    assert value == pytest.approx(0.5 * math.log(pig.estimates.result.sigma2))


@pytest.fixture
def detail():
    return IterationDetail(
        parameters=np.array([1.5, -0.25]),
        gradient=np.array([3e-9, 4e-9]),
        hessian=np.array([[-2.0, 0.5], [0.5, -1.0]]),
        steps=((1.0, -870.5), (0.5, -868.96185)),
        parameter_change=1e-5,
        value_change=math.nan,
        scaled_gradient=2.5e-11,
        names=("id: sqrt(week,week)", "id: sqrt(_cons,_cons)"),
    )


def test_nothing_asked_for_adds_nothing(detail):
    assert detail_lines(detail, Maximization()) == []


def test_each_option_adds_its_own_part_between_rules(detail):
    lines = detail_lines(detail, Maximization(trace=True))
    assert lines == [
        "-" * 78,
        "Parameter vector:",
        "  id: sqrt(week,week)                   1.5",
        "  id: sqrt(_cons,_cons)                -.25",
        "-" * 78,
    ]
    assert detail_lines(detail, Maximization(gradient=True))[1] == "Gradient vector (length = 5.00e-09):"
    assert detail_lines(detail, Maximization(showstep=True))[1:3] == [
        "(1) stepping forward, step length = 1, log likelihood = -870.5",
        "(2) stepping backward, step length = .5, log likelihood = -868.96185",
    ]
    tolerances = detail_lines(detail, Maximization(showtolerance=True))
    assert tolerances[1].startswith("    delta m = ")
    assert tolerances[2].startswith("    delta f = .")
    assert tolerances[3].startswith("g inv(H) g' = 2.5")
    hessian = detail_lines(detail, Maximization(hessian=True))
    assert hessian[3].endswith("         -2")
    assert hessian[4].endswith("         .5         -1")
    assert max(map(len, hessian)) <= 78


def test_stored_results_say_how_the_search_was_made(pig):
    other = Session()
    other.data = pig.data
    macros = other.run("mixed weight week || id:, matlog technique(bfgs 3 nr)").e.macros
    assert (macros["optmetric"], macros["technique"]) == ("matlog", "bfgs 3 nr")
    assert "emonly" not in macros
    macros = other.run("mixed weight week || id:, emonly").e.macros
    assert macros["emonly"] == "emonly"


@pytest.mark.parametrize(
    ("options", "shown"),
    [("emlog", "Iteration 7:  Log likelihood"), ("emdots", "\n......"), ("emonly", "Iteration 3:  Log likelihood")],
)
def test_em_iterations_are_listed_or_dotted(pig, options, shown):
    other = Session()
    other.data = pig.data
    text = other.run(f"mixed weight week || id:, {options}").text
    head = text.split("Performing gradient")[0].split("Mixed-effects")[0]
    assert shown in head
