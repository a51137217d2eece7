"""Clusters for robust standard errors: the groups of the top level, or of a variable above it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.data.dataset import Dataset
from engine.errors import StataError
from engine.frame.columnvalues import BoolArray
from engine.frame.groups import Codes, code_variable, determines
from engine.frame.modelframe import Level
from engine.frame.resolve import resolve_name
from engine.frame.weighting import Clusters, Weights
from engine.spec.mixed import MixedSpec
from engine.spec.rules import other


def cluster_variable(spec: MixedSpec, dataset: Dataset) -> str | None:
    """Return the full name of the variable of ``vce(cluster …)``; None without it."""
    kind, _, name = (other(spec, "vce") or "").partition(" ")
    return resolve_name(name, dataset) if kind == "cluster" else None


def bind_clusters(
    spec: MixedSpec, levels: Sequence[Level], weights: Weights | None, dataset: Dataset, rows: BoolArray | None
) -> Clusters | None:
    """Return the clusters of the sample; None where standard errors are those of the model.

    Raises
    ------
    StataError
        r(459) when a group of the top level lies in several clusters, or there are fewer than two clusters.
    """
    variable = cluster_variable(spec, dataset)
    sampling = weights is not None and weights.names.is_sampling
    if variable is None and not sampling and other(spec, "vce") != "robust":
        return None
    if variable is not None:
        codes = code_variable(dataset, variable, rows)
        clusters = Clusters(name=variable, codes=codes.values, n_clusters=codes.n_groups, given=True)
    elif levels:
        top = levels[0]
        clusters = Clusters(name=top.name, codes=top.codes, n_clusters=top.n_groups, given=False)
    else:
        n = dataset.n_obs if rows is None else int(np.count_nonzero(rows))
        clusters = Clusters(name="", codes=np.arange(n), n_clusters=n, given=False)
    if clusters.n_clusters < 2:
        raise StataError(
            459,
            f"robust standard errors need independent clusters, and {clusters.name} is one group only. "
            "Use vce(oim), or cluster on a variable with more groups.",
        )
    if variable is not None and levels:
        _check_nested(levels[0], clusters)
    return clusters


def _check_nested(top: Level, clusters: Clusters) -> None:
    if determines(Codes(top.codes, top.n_groups), Codes(clusters.codes, clusters.n_clusters)) is not None:
        return
    of_group = np.empty(top.n_groups, dtype=np.int64)
    of_group[top.codes] = clusters.codes
    split = len(np.unique(top.codes[of_group[top.codes] != clusters.codes]))
    raise StataError(
        459,
        f"the groups of {top.name} are not nested in {clusters.name}: {split:,} of {top.n_groups:,} groups have "
        f"observations in several clusters. Cluster on {top.name} or on a variable above it.",
    )
