"""Weights and clusters of a specification on data: which rows stay, what is refused, how weights are scaled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from engine.api import mixed_spec_from_text
from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.frame.bind import bind


@pytest.fixture
def table():
    rng = np.random.default_rng(4)
    n = 48
    school, room = np.repeat(np.arange(8), 6), np.tile(np.repeat([1, 2], 3), 8)
    return pd.DataFrame(
        {
            "y": rng.normal(size=n),
            "x": rng.normal(size=n),
            "school": school + 100,
            "room": room,
            "area": np.where(school < 3, "north", "south"),
            "place": school % 3,
            "shift": np.arange(n) % 2,
            "one": 1,
            "w": rng.integers(1, 4, size=n),
            "p": rng.uniform(0.5, 4.0, size=n),
            "ws": 1 + school % 3,
            "wr": 1 + (school + room) % 2,
        }
    )


def bound(text, table):
    return bind(mixed_spec_from_text(text), Dataset.from_pandas(table))


def refused(text, table, rc, *words):
    with pytest.raises(StataError) as caught:
        bound(text, table)
    assert caught.value.rc == rc, caught.value.message
    for word in words:
        assert word in caught.value.message


def test_without_weights_and_robust_errors_a_frame_has_neither(table):
    frame = bound("mixed y x || school:", table)
    assert frame.weights is None
    assert frame.clusters is None
    assert frame.n_obs == len(table)


def test_weights_are_expressions_at_level_1_and_above(table):
    frame = bound("mixed y x [fw=w*2] || school:, fweight(ws+1) || room:, fweight(wr)", table)
    assert np.array_equal(frame.weights.rows, 2.0 * table.w)
    schools, rooms = frame.weights.groups
    assert np.array_equal(schools[frame.levels[0].codes], table.ws + 1.0)
    assert np.array_equal(rooms[frame.levels[1].codes], table.wr)
    assert frame.weights.names.expression == "w*2"
    assert frame.weights.names.frequency == ("ws + 1", "wr")


def test_observations_are_counted_by_the_product_of_frequency_weights_only(table):
    frame = bound("mixed y x [fw=w] || school:, fweight(ws)", table)
    assert frame.n_obs == (table.w * table.ws).sum()
    assert bound("mixed y x [pw=p] || school:, pweight(ws)", table).n_obs == len(table)
    assert bound("mixed y x [fw=w] || school:, pweight(ws)", table).n_obs == table.w.sum()


def test_rows_with_zero_or_missing_weights_are_left_out(table):
    table["w"] = table["w"].astype(float)
    table.loc[[0, 7], "w"] = 0
    table.loc[9, "w"] = np.nan
    table.loc[table.school == 104, "ws"] = 0
    frame = bound("mixed y x [fw=w] || school:, fweight(ws)", table)
    out = {0, 7, 9, *np.flatnonzero(table.school == 104)}
    assert set(np.flatnonzero(~frame.e_sample)) == out
    assert frame.levels[0].n_groups == 7
    assert (frame.weights.rows > 0).all()


def test_a_weight_that_differs_within_a_group_is_refused_with_group_and_values(table):
    table.loc[8, "ws"] = 9
    refused("mixed y x || school:, pweight(ws)", table, 407, "ws is 2 and 9", "school = 101", "same for all observ")
    table.loc[13, "wr"] = 7
    refused("mixed y x || school: || room:, fweight(wr)", table, 407, "wr is 2 and 7", "school = 102, room = 1")


def test_a_weight_of_zero_leaves_out_whole_groups_only(table):
    table.loc[8, "ws"] = 0
    refused("mixed y x || school:, pweight(ws)", table, 407, "ws is 2 and 0", "school = 101")


def test_a_weight_may_differ_within_a_group_outside_the_sample(table):
    table.loc[8, "ws"] = 9
    bound("mixed y x if ws < 9 || school:, pweight(ws)", table)


@pytest.mark.parametrize(
    ("text", "rc", "words"),
    [
        ("mixed y x [fw=p] || school:", 401, ("noninteger", "p is")),
        ("mixed y x || school:, fweight(ws/2)", 401, ("noninteger", "ws/2 is 0.5")),
        ("mixed y x [pw=p-2] || school:", 402, ("negative weights encountered", "p - 2 is -")),
        ("mixed y x [fw=0*w] || school:", 2000, ("0*w is zero",)),
        ("mixed y x [pw=log(-p)] || school:", 2000, ("is missing",)),
        ("mixed y x [pw=area] || school:", 109, ("area is text",)),
        ("mixed y x [pw=wieght] || school:", 111, ("wieght not found",)),
        ("mixed y x || school: x, pweight(ws) || school:, pweight(one)", 198, ("two weights, ws and one",)),
        ("mixed y x || school:, vce(cluster shift)", 459, ("not nested in shift", "8 of 8")),
        ("mixed y x || school:, vce(cluster one)", 459, ("one is one group only",)),
        ("mixed y x || school:, vce(cluster sch0ol)", 111, ("sch0ol not found",)),
    ],
)
def test_unusable_weights_and_clusters_are_refused_with_their_codes(table, text, rc, words):
    refused(text, table, rc, *words)


def test_the_weight_of_a_level_may_stand_in_each_of_its_equations(table):
    frame = bound("mixed y x || school: x, pweight(ws) || school:, pweight(ws)", table)
    assert np.array_equal(frame.weights.groups[0][frame.levels[0].codes], table.ws)


def test_size_scales_to_the_number_of_observations_of_a_group(table):
    frame = bound("mixed y x [pw=p] || school:, pweight(ws) pwscale(size)", table)
    sums = np.bincount(frame.levels[0].codes, weights=frame.weights.rows)
    assert sums == pytest.approx(np.full(8, 6.0))
    ratio = frame.weights.rows / table.p
    assert np.ptp(ratio[table.school == 103]) < 1e-15
    assert np.array_equal(frame.weights.groups[0][frame.levels[0].codes], table.ws)


def test_effective_scales_to_the_effective_number_of_observations(table):
    frame = bound("mixed y x [pw=p] || school:, pweight(ws) pwscale(effective)", table)
    by_school = table.p.groupby(table.school)
    wanted = by_school.sum() ** 2 / (table.p**2).groupby(table.school).sum()  # (sum w)^2 / sum w^2
    sums = np.bincount(frame.levels[0].codes, weights=frame.weights.rows)
    assert sums == pytest.approx(wanted.to_numpy())


def test_gk_moves_all_weight_to_the_groups(table):
    frame = bound("mixed y x [pw=p] || school:, pweight(ws) pwscale(gk)", table)
    assert frame.weights.rows is None
    wanted = (table.p * table.ws).groupby(table.school).mean()  # mean of the products of both weights
    assert frame.weights.groups[0] == pytest.approx(wanted.to_numpy())


def test_sampling_weights_cluster_on_the_top_level(table):
    for text in (
        "mixed y x [pw=p] || school: || room:",
        "mixed y x || school: || room:, pweight(wr)",
        "mixed y x || school: || room:, robust",
    ):
        clusters = bound(text, table).clusters
        assert (clusters.name, clusters.n_clusters, clusters.given) == ("school", 8, False)


def test_clusters_may_lie_above_the_top_level(table):
    clusters = bound("mixed y x [pw=p] || school: || room:, vce(cluster place)", table).clusters
    assert (clusters.name, clusters.n_clusters, clusters.given) == ("place", 3, True)
    assert bound("mixed y x || school:, cluster(area)", table).clusters.n_clusters == 2


def test_without_levels_every_observation_is_a_cluster(table):
    clusters = bound("mixed y x, robust", table).clusters
    assert (clusters.name, clusters.n_clusters) == ("", len(table))


def test_observations_without_a_cluster_are_left_out(table):
    table["place"] = table["place"].astype(float)
    table.loc[table.school == 100, "place"] = np.nan
    frame = bound("mixed y x || school:, vce(cluster place)", table)
    assert frame.n_obs == len(table) - 6
