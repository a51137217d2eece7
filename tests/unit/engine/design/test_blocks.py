"""Working columns and cross-products against the rows themselves."""

from __future__ import annotations

import numpy as np
import pytest
from frames import make_frame
from simulated import MODELS, nested_data, random_frame

from engine.design import columns as columns_module
from engine.design.blocks import make_design
from engine.design.columns import raw_columns
from engine.design.grouping import counting_sort, group_rows
from engine.errors import StataError
from engine.events import CancelToken
from engine.spec.mixed import CovarianceKind

UN, IND = CovarianceKind.UNSTRUCTURED, CovarianceKind.INDEPENDENT


def working_columns(frame, design):
    """All working columns (w, n), by their definition."""
    raw = raw_columns(frame)
    _, _, W = next(iter(raw.chunks(np.zeros(raw.size), None, CancelToken())))
    basis = design.basis
    return np.vstack((np.ones(len(frame.y)), basis.weights @ (W - basis.shift[:, None]) + basis.constants[:, None]))


@pytest.fixture(params=MODELS)
def frame(request):
    return random_frame(request.param, np.random.default_rng(4))


def test_fixed_columns_become_orthonormal_and_the_response_a_scaled_residual(frame):
    design = make_design(frame, CancelToken())
    p = frame.X.shape[1]
    assert design.gram == pytest.approx(design.n * np.eye(p + 1), abs=1e-10 * design.n)


def test_products_are_sums_over_the_rows_of_each_group(frame):
    design = make_design(frame, CancelToken())
    T = working_columns(frame, design)
    basis = design.basis
    tail = [*basis.fixed, basis.residual]
    above = []
    for level in design.levels:
        own = [c for b in level.blocks for c in basis.random[b]]
        right = [*own, *above, *tail]
        for g, code in enumerate(level.codes):
            rows = frame.levels[level.level].codes == code
            want = T[own][:, rows] @ T[right][:, rows].T
            assert level.products[:, :, g] == pytest.approx(want, abs=1e-10)
        above = [*own, *above]


def test_working_columns_map_back_to_the_columns_of_the_model(frame):
    design = make_design(frame, CancelToken())
    T = working_columns(frame, design)
    basis = design.basis
    assert pytest.approx(frame.X @ basis.fixed_map, abs=1e-10) == T[list(basis.fixed)].T
    fitted = frame.X @ basis.fixed_origin
    assert T[basis.residual] == pytest.approx((frame.y - fitted) / basis.scale, abs=1e-10)
    for block, columns, T_block in zip(frame.blocks, basis.random, basis.random_maps, strict=True):
        assert pytest.approx(block.Z @ T_block, abs=1e-10) == T[list(columns)].T


def test_parents_contain_their_children(frame):
    design = make_design(frame, CancelToken())
    for lower in design.levels[1:]:
        below = frame.levels[lower.level].codes
        for k, starts in enumerate(lower.starts):
            above = frame.levels[design.levels[k].level].codes
            parent = np.repeat(design.levels[k].codes, np.diff(starts, append=lower.n_groups))
            for code, parent_code in zip(lower.codes, parent, strict=True):
                assert set(above[below == code]) == {parent_code}


def test_chunks_of_rows_may_cut_groups_anywhere(monkeypatch):
    frame = random_frame("three levels", np.random.default_rng(4), top=300, most_rows=8)
    whole = make_design(frame, CancelToken())
    monkeypatch.setattr(columns_module, "_CHUNK_NUMBERS", 1)  # the smallest chunk, 4096 rows
    cut = make_design(frame, CancelToken())
    assert len(frame.y) > 2 * 4096
    for a, b in zip(whole.levels, cut.levels, strict=True):
        assert b.products == pytest.approx(a.products, rel=1e-9, abs=1e-9)


def test_independent_effects_are_scaled_but_never_shifted():
    data = nested_data(np.random.default_rng(2), 1)
    frame = make_frame(data, "y", ["a", "_cons"], [("l0", IND, ["b", "_cons"])])
    T = make_design(frame, CancelToken()).basis.random_maps[0]
    assert np.array_equal(T != 0.0, np.eye(2, dtype=bool))


def test_unstructured_effects_share_the_working_columns_of_the_fixed_effects():
    data = nested_data(np.random.default_rng(2), 1)
    frame = make_frame(data, "y", ["b", "a", "_cons"], [("l0", UN, ["a", "_cons"])])
    basis = make_design(frame, CancelToken()).basis
    assert basis.random[0] == (basis.fixed[1], basis.fixed[2])
    assert len(basis.weights) == 3  # a, b and the response; the constant costs nothing


def test_powers_of_a_calendar_year_stay_exact():
    """Cross-products of year, year^2 and year^3 lose 12 digits; the rows' QR decomposition does not."""
    rng = np.random.default_rng(0)
    year = rng.integers(1990, 2021, 500).astype(float)
    data = {"g": np.repeat(np.arange(50.0), 10), "year": year, "y": rng.normal(size=500)}
    frame = make_frame(data, "y", ["year", "c.year#c.year", "c.year#c.year#c.year", "_cons"], [])
    design = make_design(frame, CancelToken())
    assert design.gram / 500 == pytest.approx(np.eye(5), abs=1e-6)


def test_collinear_fixed_columns_are_refused():
    data = nested_data(np.random.default_rng(2), 1)
    frame = make_frame(data | {"twice": 2 * data["a"]}, "y", ["a", "twice", "_cons"], [])
    with pytest.raises(StataError, match="collinear"):
        make_design(frame, CancelToken())


@pytest.mark.parametrize("n_groups", [7, 70_000])
def test_the_counting_sort_is_stable(n_groups):
    codes = np.random.default_rng(0).integers(0, n_groups, 5000)
    assert np.array_equal(counting_sort(codes, n_groups), np.argsort(codes, kind="stable"))


def test_rows_that_lie_together_are_not_moved():
    frame = make_frame(
        {"l0": np.array([2.0, 2, 1, 1]), "l1": np.array([1.0, 2, 1, 1]), "y": np.arange(4.0)},
        "y",
        ["_cons"],
        [("l0", IND, ["_cons"]), ("l1", IND, ["_cons"])],
    )
    grouping = group_rows(frame.levels, 4)
    assert grouping.permutation is None
    assert grouping.levels[0].starts.tolist() == [0, 2]
    assert grouping.levels[1].starts.tolist() == [0, 1, 2]


@pytest.mark.parametrize("seed", range(20))
def test_a_block_that_may_not_mix_its_columns_is_mapped_back_by_an_exactly_diagonal_matrix(seed):
    """Else a slope variance at zero would take the standard errors of the other variances with it."""
    frame = random_frame("one level, independent", np.random.default_rng(seed))
    T = make_design(frame, CancelToken()).basis.random_maps[0]
    assert np.count_nonzero(T - np.diag(np.diag(T))) == 0
