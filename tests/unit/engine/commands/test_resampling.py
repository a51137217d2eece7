"""``bootstrap``, ``jackknife`` and ``statsby``."""

from __future__ import annotations

import numpy as np
import pytest

from engine.commands.resampling.replicates import Job, run_all
from engine.commands.resampling.resamples import Resamples, Way, rows_of
from engine.errors import Break
from engine.events import CancelToken, Progress
from engine.lang.repeating import Collected
from engine.session.session import Session
from engine.tables.document import Lines


@pytest.fixture
def session() -> Session:
    session = Session()
    assert session.run("webuse pig").rc == 0
    return session


def lines(outcome) -> list[str]:
    return [line for block in outcome.document.blocks if isinstance(block, Lines) for line in block.lines]


def draws_of(dataset, seed: int, reps: int, by_cluster: bool):
    """Draw samples as the command is documented to: child k of the seed, units in ascending order."""
    ids = dataset.numeric("id")
    units = np.unique(ids) if by_cluster else np.arange(len(ids))
    for child in np.random.SeedSequence(seed).spawn(reps):
        drawn = np.random.default_rng(child).integers(len(units), size=len(units))
        yield np.concatenate([np.flatnonzero(ids == units[k]) for k in drawn]) if by_cluster else drawn


@pytest.mark.parametrize("by_cluster", [False, True])
def test_standard_errors_are_those_of_a_loop_with_the_same_seed(session, by_cluster):
    data = session.data
    X = np.column_stack((data.numeric("week"), np.ones(data.n_obs)))
    y = data.numeric("weight")
    loop = [np.linalg.lstsq(X[r], y[r], rcond=None)[0] for r in draws_of(data, 7, 30, by_cluster)]
    option = "cluster(id)" if by_cluster else ""
    outcome = session.run(f"bootstrap, reps(30) seed(7) {option}: regress weight week")
    assert outcome.rc == 0
    V = outcome.e.matrices["V"].values
    np.testing.assert_allclose(V, np.cov(np.array(loop).T), rtol=1e-8)
    np.testing.assert_allclose(outcome.e.matrices["b_bs"].values[0], np.mean(loop, axis=0), rtol=1e-10)
    assert outcome.e.scalars["N_reps"] == 30
    assert outcome.e.macros["vcetype"] == "Bootstrap"
    fixed = next(table for table in outcome.all_tables if table.id == "fixed")
    assert fixed.rows[0].values[1] == pytest.approx(np.std([b[0] for b in loop], ddof=1), rel=1e-8)


def test_clusters_are_taken_whole():
    units = np.array([2, 0, 0, 1, 2, 2])
    rows, place = rows_of(units, np.array([2, 2, 0]), 3)
    assert rows.tolist() == [0, 4, 5, 0, 4, 5, 1, 2]
    assert place.tolist() == [0, 0, 0, 1, 1, 1, 2, 2]


def test_a_cluster_drawn_twice_is_two_groups_with_idcluster_and_one_without(session):
    data = session.data
    codes = (data.numeric("id") - 1).astype(np.int64)
    for numbered, whole in (((), False), (("id",), True)):
        how = Resamples(way=Way.DRAW, units=codes, strata=np.zeros(48, dtype=np.int64), seed=3, numbered=numbered)
        sample = how.sample(data, 0, how.generator(0))
        assert sample.n_obs == data.n_obs
        assert (len(np.unique(sample.numeric("id"))) == 48) is whole


def test_the_numbers_are_the_same_with_one_and_two_processes(session):
    data = session.data
    job = Job(
        dataset=data,
        resamples=Resamples(
            way=Way.DRAW, units=np.arange(data.n_obs), strata=np.zeros(data.n_obs, dtype=np.int64), seed=5
        ),
        text="regress weight week",
        collected=(Collected("_b", "_b"),),
        settings=session.settings,
    )
    heard: list[int] = []
    alone = run_all(job, 6, processes=1, cancel=CancelToken(), heard=lambda k, each: None)
    two = run_all(job, 6, processes=2, cancel=CancelToken(), heard=lambda k, each: heard.append(k))
    assert heard == list(range(6))
    for a, b in zip(alone, two, strict=True):
        np.testing.assert_array_equal(a.values, b.values)


def test_a_break_ends_the_replicates_and_leaves_the_estimates(session):
    session.run("regress weight week")
    before = session.estimates
    cancel = CancelToken()

    def listen(event: object) -> None:
        if isinstance(event, Progress) and event.done >= 3:
            cancel.cancel()

    outcome = session.run("bootstrap, reps(3000) seed(1): regress weight week", sink=listen, cancel=cancel)
    assert outcome.rc == 1
    assert session.estimates is before


def test_a_break_ends_processes(session):
    data = session.data
    job = Job(
        dataset=data,
        resamples=Resamples(
            way=Way.DRAW, units=np.arange(data.n_obs), strata=np.zeros(data.n_obs, dtype=np.int64), seed=5
        ),
        text="regress weight week",
        collected=(Collected("_b", "_b"),),
        settings=session.settings,
    )
    cancel = CancelToken()
    with pytest.raises(Break):
        run_all(job, 20_000, processes=2, cancel=cancel, heard=lambda k, each: cancel.cancel())


def test_failed_replicates_are_crossed_and_left_out(session):
    # a sample without week 9 leaves 9.week out: its e(b) has other columns
    session.run("keep if id <= 4")
    outcome = session.run("bootstrap, reps(40) seed(2): regress weight i.week")
    assert outcome.rc == 0
    dots = next(line for line in lines(outcome) if set(line) <= {".", "x"} and line)
    failed = dots.count("x")
    assert 0 < failed < 39
    assert outcome.e.scalars["N_misreps"] == failed
    assert any(f"could not be estimated in {failed}" in line for line in lines(outcome))


def test_the_jackknife_of_a_mean_is_its_standard_error(session):
    data = session.data.numeric("weight")
    outcome = session.run("jackknife m=r(mean): summarize weight")
    assert outcome.rc == 0
    se = np.sqrt(outcome.e.matrices["V"].values[0, 0])
    assert se == pytest.approx(data.std(ddof=1) / np.sqrt(len(data)), rel=1e-10)
    assert outcome.e.scalars["df_r"] == len(data) - 1


def test_mixed_keeps_its_tables_under_bootstrap(session):
    outcome = session.run("bootstrap, reps(5) seed(1) cluster(id) idcluster(new): mixed weight week || new:")
    assert outcome.rc == 0, outcome.error
    text = lines(outcome)
    assert "(running mixed on estimation sample)" in text
    assert "Bootstrap replications (5)" in text
    assert any(line.strip() == "(Replications based on 48 clusters in id)" for line in text)
    fixed = next(table for table in outcome.document.blocks if getattr(table, "id", "") == "fixed")
    assert "Observed   Bootstrap" in fixed.layout.head[0]
    assert outcome.e.macros["vce"] == "bootstrap"
    week = outcome.e.scalars["chi2"]
    assert week == pytest.approx(outcome.e.matrices["b"].values[0, 0] ** 2 / outcome.e.matrices["V"].values[0, 0])
    assert session.run("test week").rc == 0
    assert "new" not in session.data.names


def test_statsby_collects_one_observation_per_group(session):
    data = session.data
    means = [data.numeric("weight")[data.numeric("id") == k].mean() for k in range(1, 49)]
    assert session.run("statsby m=r(mean), by(id) clear: summarize weight").rc == 0
    assert session.data.names == ("id", "m")
    np.testing.assert_allclose(session.data.numeric("m"), means)


def test_statsby_names_coefficients(session):
    assert session.run("statsby, by(id) clear: regress weight week").rc == 0
    assert session.data.names == ("id", "_b_week", "_b_cons")


@pytest.mark.parametrize(
    ("text", "rc", "culprit"),
    [
        ("bootstrap, reps(1): regress weight week", 198, "1"),
        ("bootstrap, reps(5): nosuch weight week", 199, "nosuch"),
        ("bootstrap, reps(5) cluster(nosuch): regress weight week", 111, "nosuch"),
        ("bootstrap, reps(5) idcluster(n): regress weight week", 198, "idcluster(n)"),
        ("bootstrap, reps(5): regress weight week [pw=id]", 101, "regress weight week [pw=id]"),
        ("bootstrap, noisily: regress weight week", 198, "noisily"),
        ("bootstrap r=(_b[x, reps(5): regress weight week", 132, ""),
        ("bootstrap, reps(5):", 100, ""),
        ("bootstrap", 301, ""),
        ("bootstrap, reps(5): regress weight nosuch", 111, "nosuch"),
        ("bootstrap, reps(5): by id: regress weight week", 199, ""),
        ("statsby: regress weight week", 198, ""),
    ],
)
def test_mistakes_are_named_and_located(session, text, rc, culprit):
    outcome = session.run(text)
    assert outcome.rc == rc, outcome.error
    assert outcome.error is not None
    assert not outcome.error.details
    if culprit:
        assert text[slice(*outcome.error.span)] == culprit


def test_estat_bootstrap_gives_bias_and_percentiles_of_the_replicates(session):
    data = session.data.numeric("weight")
    loop = [data[rows].mean() for rows in draws_of(session.data, 4, 200, by_cluster=False)]
    assert session.run("bootstrap m=r(mean), reps(200) seed(4) nodots: summarize weight").rc == 0
    outcome = session.run("estat bootstrap, percentile")
    assert outcome.rc == 0
    (row,) = outcome.all_tables[0].rows
    assert row.values[1] == pytest.approx(np.mean(loop) - data.mean(), rel=1e-8)
    ordered = np.sort(loop)  # 2.5% of 200 is the mean of the 5th and 6th
    assert row.values[3] == pytest.approx(ordered[4:6].mean(), rel=1e-10)
    assert row.values[4] == pytest.approx(ordered[194:196].mean(), rel=1e-10)
    session.run("regress weight week")
    assert session.run("estat bootstrap").rc == 321
