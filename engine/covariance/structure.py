"""Covariance structures of the random effects of one equation, all driven by one registry row each.

A structure says which cells of a q x q covariance matrix share a free parameter. From that follow the natural
parameters ``theta`` (variances first, then covariances by rows of the upper triangle), their basis ``E_k`` with
``Sigma = sum_k theta_k E_k``, the symmetric-square-root metric in which the optimiser works, the log-sd/atanh metric
of ``e(b)``, and the printed names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engine.spec.mixed import CovarianceKind

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeParameter:
    """One free parameter of a covariance matrix.

    Attributes
    ----------
    cells
        Upper-triangle cells ``(i, j)``, i <= j, that hold it.
    variances
        Indices of the two variance parameters whose standard deviations scale this covariance; None for a variance.
    suffix
        What distinguishes its ``e(b)`` name within the equation: ``1``, ``1_2``.
    effects
        The random effects named in its label.
    """

    cells: tuple[tuple[int, int], ...]
    variances: tuple[int, int] | None
    suffix: str
    effects: tuple[int, ...]

    @property
    def is_variance(self) -> bool:
        """Whether the parameter stands on the diagonal."""
        return self.variances is None


def _variance(suffix: int, *effects: int) -> FreeParameter:
    return FreeParameter(cells=tuple((i, i) for i in effects), variances=None, suffix=str(suffix), effects=effects)


def _independent(q: int) -> tuple[FreeParameter, ...]:
    return tuple(_variance(i + 1, i) for i in range(q))


def _identity(q: int) -> tuple[FreeParameter, ...]:
    return (_variance(1, *range(q)),)


def _exchangeable(q: int) -> tuple[FreeParameter, ...]:
    if q == 1:
        return _identity(q)
    pairs = tuple(combinations(range(q), 2))
    covariance = FreeParameter(cells=pairs, variances=(0, 0), suffix="1", effects=tuple(range(q)))
    return (_variance(1, *range(q)), covariance)


def _unstructured(q: int) -> tuple[FreeParameter, ...]:
    covariances = tuple(
        FreeParameter(cells=((i, j),), variances=(i, j), suffix=f"{i + 1}_{j + 1}", effects=(i, j))
        for i, j in combinations(range(q), 2)
    )
    return _independent(q) + covariances


_REGISTRY: Mapping[CovarianceKind, Callable[[int], tuple[FreeParameter, ...]]] = MappingProxyType(
    {
        CovarianceKind.INDEPENDENT: _independent,
        CovarianceKind.IDENTITY: _identity,
        CovarianceKind.EXCHANGEABLE: _exchangeable,
        CovarianceKind.UNSTRUCTURED: _unstructured,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Structure:
    """A covariance structure for q random effects with m free parameters; made by :func:`structure`.

    Attributes
    ----------
    basis
        ``E_k``, shape (m, q, q).
    rows, cols
        One cell that holds each parameter, shape (m,).
    means
        Shape (m, q * q): takes the mean over a parameter's cells.
    squares
        Shape (m, m, m): the matrix ``(sum_a gamma_a E_a)^2`` has parameters ``theta_k = gamma' squares_k gamma / 2``.
    """

    kind: CovarianceKind
    q: int
    parameters: tuple[FreeParameter, ...]
    basis: FloatArray
    rows: IntArray
    cols: IntArray
    squares: FloatArray
    means: FloatArray

    @property
    def m(self) -> int:
        """Number of free parameters."""
        return len(self.parameters)

    def matrix(self, theta: FloatArray) -> FloatArray:
        """Return the (q, q) matrix with natural parameters `theta` (m,)."""
        return (theta @ self.basis.reshape(self.m, -1)).reshape(self.q, self.q)

    def coordinates(self, matrix: FloatArray) -> FloatArray:
        """Read the natural parameters off a matrix that has this structure; shape (..., q, q) to (..., m)."""
        return matrix[..., self.rows, self.cols]

    def gradient_matrix(self, gradient: FloatArray) -> FloatArray:
        """Spread derivatives with respect to theta (m,) over the (q, q) cells they belong to.

        The result ``Gam`` satisfies ``<Gam, dSigma> = gradient' dtheta`` for every change within the structure.
        """
        return (gradient @ self.means).reshape(self.q, self.q)

    def average(self, matrix: FloatArray) -> FloatArray:
        """Project a symmetric (q, q) matrix on the structure: parameters are means over their cells."""
        return self.means @ matrix.reshape(-1)

    def from_variances(self, variances: FloatArray) -> FloatArray:
        """Return theta for uncorrelated effects with variances (q,), averaged where the structure equates them."""
        return self.average(np.diag(variances))

    def em_change(self, theta: FloatArray, gradient: FloatArray, n_groups: FloatArray) -> FloatArray:
        """Return what an EM step takes off theta, from the gradient of -2 log L; `n_groups` per effect, (q,)."""
        Psi = self.matrix(theta)
        return np.asarray(self.average(Psi @ self.gradient_matrix(gradient) @ Psi) / n_groups[0])

    def from_root(self, gamma: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Map the root's coordinates to theta; return theta (m,) and its Jacobian (m, m), rows theta.

        The second derivatives are `squares`.
        """
        jacobian = self.squares @ gamma
        return 0.5 * (jacobian @ gamma), jacobian

    def to_root(self, theta: FloatArray) -> FloatArray:
        """Return gamma (m,) of the symmetric square root; negative eigenvalues are taken as zero."""
        values, vectors = np.linalg.eigh(self.matrix(theta))
        root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
        return self.coordinates(root)


@lru_cache(maxsize=256)
def structure(kind: CovarianceKind, q: int) -> Structure:
    """Return the structure `kind` for `q` >= 1 random effects."""
    parameters = _REGISTRY[kind](q)
    basis = np.zeros((len(parameters), q, q))
    for k, parameter in enumerate(parameters):
        for i, j in parameter.cells:
            basis[k, i, j] = basis[k, j, i] = 1.0
    rows = np.array([parameter.cells[0][0] for parameter in parameters], dtype=np.intp)
    cols = np.array([parameter.cells[0][1] for parameter in parameters], dtype=np.intp)
    products = np.einsum("aij,bjk->abik", basis, basis)
    squares = np.moveaxis((products + products.swapaxes(0, 1))[..., rows, cols], -1, 0)
    norms = np.einsum("kij,kij->k", basis, basis)
    return Structure(
        kind=kind,
        q=q,
        parameters=parameters,
        basis=basis,
        rows=rows,
        cols=cols,
        squares=np.ascontiguousarray(squares),
        means=(basis / norms[:, None, None]).reshape(len(parameters), q * q),
    )
