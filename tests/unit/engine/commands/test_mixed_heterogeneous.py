"""Heterogeneous exchangeable and AR(1) residuals (not in Stata): against nlme and homogeneous relatives; names."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from residual_frames import residual_frame

from engine.api import Session
from engine.design.blocks import make_design
from engine.events import CancelToken
from engine.fit.criterion import Criterion
from engine.fit.layout import make_layout
from engine.fit.residuals.stage import make_stage
from engine.frame.residualerrors import LowestLevel, ResidualRequest, bind_residuals

GROWTH = "mixed distance c.age##i.sex || subject:, noconstant residuals({}) nolog"

# R 4.2.2, nlme 3.1-162, orthodont with occ = (age - 8)/2: gls(distance ~ age * sex, correlation = corCompSymm(0.6,
# form = ~1 | subject) or corAR1(0.6, form = ~occ | subject), weights = varIdent(form = ~1 | occ), method, control =
# glsControl(opt = "optim", optimMethod = "BFGS", tolerance = 1e-14, msTol = 1e-16, maxIter = 1000, msMaxIter = 1000)):
# logLik, phi, (sigma * ratio)^2 at occ 0 to 3, coefficients 1, age, sex, age:sex. The second half is without the rows
# 2, 7, 20, 33, 50 and 91 of the file.
DROPPED = (91, 50, 33, 20, 7, 2)
NLME = """
hexchangeable all mle -213.35829182 0.6223873 5.3419033 3.9785842 5.8286663 4.4899850 16.1354690 0.7944792 1.2683676 -0.3156888
hexchangeable all reml -215.98618807 0.6352895 5.6967032 4.2364833 6.0901321 4.8256238 16.1308731 0.7943130 1.2737603 -0.3155597
har all mle -219.37349015 0.6187218 5.4149881 4.3271815 5.7687753 4.2190090 16.3836051 0.7830055 0.9666580 -0.3002020
har all reml -221.39808010 0.6332573 5.8148667 4.5806874 6.0171692 4.5369465 16.3718329 0.7835498 0.9804695 -0.3008507
hexchangeable gaps mle -203.60123675 0.6266755 5.3603833 4.3093353 5.9312063 4.6339315 16.1599076 0.7958951 1.2157242 -0.3145419
hexchangeable gaps reml -206.10876636 0.6394708 5.7333636 4.5866932 6.2072777 4.9923911 16.1598456 0.7954271 1.2166089 -0.3140721
har gaps mle -206.49745962 0.6794092 5.2273217 4.7757009 6.3405255 4.6907624 16.1586025 0.7971695 1.1725152 -0.3133883
har gaps reml -208.41811221 0.6919603 5.6289664 5.0544044 6.6334709 5.0771932 16.1437495 0.7975941 1.1887310 -0.3138463
"""  # noqa: E501


@pytest.fixture
def growth(data_file):
    session = Session()
    session.run(f'use "{data_file("orthodont")}"')
    session.run("generate occ = (age - 8)/2")
    return session


@pytest.mark.parametrize("line", NLME.split("\n")[1:-1], ids=lambda line: " ".join(line.split()[:3]))
def test_estimates_are_those_of_nlme(growth, line):
    kind, rows, method, *numbers = line.split()
    for row in DROPPED if rows == "gaps" else ():
        growth.run(f"drop in {row}")
    outcome = growth.run(GROWTH.format(f"{kind}, t(occ)") + f" {method}")
    ll, want = float(numbers[0]), [float(number) for number in numbers[1:]]
    assert outcome.e.scalars["ll"] == pytest.approx(ll, rel=1e-8)
    for row, value in zip(outcome.tables["random"].rows, want[:5], strict=True):
        assert abs(row.values[0] - value) < 1e-5 * row.values[1]
    b = dict(zip(outcome.e.matrices["b"].cols, outcome.e.matrices["b"].values[0], strict=True))
    V = outcome.e.matrices["V"]
    for name, value in zip(("_cons", "age", "1.sex", "1.sex#c.age"), want[5:], strict=True):
        at = V.cols.index(f"distance:{name}")
        assert abs(b[f"distance:{name}"] - value) < 1e-5 * np.sqrt(V.values[at, at])


@pytest.mark.parametrize(
    ("kind", "title", "lines"),
    [
        (
            "hexchangeable",
            "Residual: Heterogeneous exchangeable (not in Stata)",
            ["Residual: Heterogeneous      |", "    exchangeable             |", "    (not in Stata)           |"],
        ),
        (
            "har",
            "Residual: Heterogeneous AR(1) (not in Stata)",
            ["Residual: Heterogeneous      |", "    AR(1) (not in Stata)     |"],
        ),
    ],
)
def test_tables_and_stored_results_say_what_it_is_and_that_stata_has_it_not(growth, kind, title, lines):
    outcome = growth.run(GROWTH.format(f"{kind}, t(occ)"))
    rows = outcome.tables["random"].rows
    assert [row.name for row in rows] == ["rho", "var(e0)", "var(e1)", "var(e2)", "var(e3)"]
    assert {row.eq for row in rows} == {title}
    printed = outcome.text.split("\n")
    at = printed.index(lines[0])
    assert printed[at : at + len(lines)] == lines
    e = outcome.e
    assert (e.macros["resopt"], e.macros["rstructure"]) == (f"{kind}, t(occ)", kind)
    assert f"Residual: {e.macros['rstructlab']}" == title
    assert e.scalars["k_res"] == 4
    names = [f"{name}:_cons" for name in ("lnsig_e", "r_lns2ose", "r_lns3ose", "r_lns4ose", "r_atr1")]
    assert list(e.matrices["b"].cols[-5:]) == names
    assert e.matrices["tmap"].values.tolist() == [[0, 1, 2, 3]]


def test_each_group_of_by_has_its_own_variances_and_correlation(growth):
    outcome = growth.run(GROWTH.format("har, t(occ) by(sex)"))
    each = ["rho", "var(e0)", "var(e1)", "var(e2)", "var(e3)"]
    names = [row.name for row in outcome.tables["random"].rows]
    assert names == [f"{sex}: {name}" for sex in (0, 1) for name in each]
    parts = [
        growth.run(f"mixed distance age if sex=={sex} || subject:, noconstant residuals(har, t(occ))").e.scalars["ll"]
        for sex in (0, 1)
    ]
    assert outcome.e.scalars["ll"] == pytest.approx(sum(parts), rel=1e-9)


def test_standardized_residuals_are_whitened_within_groups(growth):
    outcome = growth.run(GROWTH.format("har, t(occ)"))
    rho, *variances = (row.values[0] for row in outcome.tables["random"].rows)
    growth.run("predict double e, residuals")
    assert growth.run("predict double z, rstandard").rc == 0
    first = growth.data.to_pandas().query("subject == 1").sort_values("occ")
    u = first["e"].to_numpy() / np.sqrt(variances)
    want = np.append(u[0], (u[1:] - rho * u[:-1]) / np.sqrt(1.0 - rho**2))
    assert first["z"].to_numpy() == pytest.approx(want, rel=1e-8)


def test_random_effects_and_kenward_roger_go_with_it(growth):
    outcome = growth.run("mixed distance c.age##i.sex || subject:, residuals(har, t(occ)) reml dfmethod(kroger) nolog")
    assert outcome.rc == 0, outcome.text
    assert "Kenward" in outcome.text


def test_data_that_look_the_same_at_all_times_give_the_homogeneous_fit():
    """Every pair of values occurs in both orders, so that both variances are equal at the maximum."""
    rng = np.random.default_rng(4)
    pairs = rng.normal(size=(15, 2)) + rng.normal(size=(15, 1))
    y = np.concatenate((pairs, pairs[:, ::-1])).reshape(-1)
    session = Session(data=pd.DataFrame({"y": y, "g": np.repeat(np.arange(30.0), 2), "t": np.tile([1.0, 2.0], 30)}))
    ll, rows = {}, {}
    for kind in ("hexchangeable, t(t)", "har, t(t)", "exchangeable", "ar 1, t(t)"):
        outcome = session.run(f"mixed y || g:, noconstant residuals({kind})")
        ll[kind] = outcome.e.scalars["ll"]
        rows[kind] = {row.name: row.values[0] for row in outcome.tables["random"].rows}
    assert list(ll.values()) == pytest.approx([ll["ar 1, t(t)"]] * 4, rel=1e-10)
    homogeneous = rows["ar 1, t(t)"]
    for kind in ("hexchangeable, t(t)", "har, t(t)"):
        assert rows[kind]["rho"] == pytest.approx(homogeneous["rho"], rel=1e-5)
        assert rows[kind]["var(e1)"] == pytest.approx(homogeneous["var(e)"], rel=1e-5)
        assert rows[kind]["var(e2)"] == pytest.approx(homogeneous["var(e)"], rel=1e-5)


@pytest.mark.parametrize("levels", ["no random effects", "slope on a covariate", "two levels"])
@pytest.mark.parametrize(("kind", "plain"), [("hexchangeable", "exchangeable"), ("har", "ar")])
def test_equal_variances_are_the_homogeneous_structure(kind, plain, levels):
    frame = residual_frame(kind, None, levels, np.random.default_rng(11), by=False)
    request = ResidualRequest(kind=plain, order=None, by="", t="t")
    errors = frame.residual
    other = bind_residuals(
        request, LowestLevel("g", errors.codes, errors.n_groups, errors.codes), {"t": errors.times}.__getitem__
    )
    design = make_design(frame, CancelToken())
    values = []
    for each in (errors, other):
        layout = make_layout(design.levels, frame.blocks, each)
        stage = make_stage(frame, design, layout, each, CancelToken())
        criterion = Criterion(design, layout, reml=False, stage=stage)
        random = layout.from_root(np.full(layout.size, 0.3))[0][: layout.n_random]
        equal = np.ones(each.structures[0].m - 2)
        values.append(criterion(np.concatenate((random, equal, [0.3])), 0).value)
    assert values[0] == pytest.approx(values[1], rel=1e-12)
