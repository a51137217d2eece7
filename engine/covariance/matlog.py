"""Covariance matrices as exponentials of symmetric matrices, with exact derivatives.

With ``B = Q diag(l) Q'`` and f = exp, ``d exp(B)[E] = Q ((Q'EQ) o f[l_i, l_j]) Q'`` and the second derivative takes
second divided differences (Daleckii and Krein; Higham, *Functions of Matrices*, 3.2). Every structure of
`engine.covariance.structure` holds the logarithms of its own matrices, so gamma has as many elements as theta.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.covariance.structure import FloatArray, Structure

_FLOOR = 1e-10
"""Smallest eigenvalue, relative to the largest, of a matrix that has a logarithm here."""
_CLOSE = 1e-2
_LARGEST = 600.0
"""Arguments beyond which exp overflows are cut; the criterion turns such steps down."""


@dataclass(frozen=True, slots=True, eq=False)
class Exponential:
    """theta (m,), d theta / d gamma (m, m), and d2 theta_k / d gamma_a d gamma_b as (m, m, m), zero below order 2."""

    theta: FloatArray
    jacobian: FloatArray
    second: FloatArray


def to_matlog(structure: Structure, theta: FloatArray) -> FloatArray:
    """Return the coordinates (m,) of the matrix logarithm; eigenvalues that are zero are moved inside."""
    values, vectors = np.linalg.eigh(structure.matrix(theta))
    values = np.maximum(values, max(_FLOOR * float(values[-1]), 1e-12))
    return structure.coordinates((vectors * np.log(values)) @ vectors.T)


def from_matlog(structure: Structure, gamma: FloatArray, *, order: int) -> Exponential:
    """Map coordinates of the logarithm to theta with derivatives up to `order`."""
    values, Q = np.linalg.eigh(structure.matrix(gamma))
    values = np.clip(values, -_LARGEST, _LARGEST)
    theta = structure.coordinates((Q * np.exp(values)) @ Q.T)
    rotated = Q.T @ structure.basis @ Q
    first = Q @ (rotated * _first_differences(values)) @ Q.T
    m = structure.m
    second = np.zeros((m, m, m))
    if order == 2:
        differences = _second_differences(values)
        half = np.einsum("aik,ikj,bkj->abij", rotated, differences, rotated)
        both = Q @ (half + half.swapaxes(0, 1)) @ Q.T
        second = np.moveaxis(structure.coordinates(both), -1, 0)
    return Exponential(theta, structure.coordinates(first).T, second)


def _first_differences(x: FloatArray) -> FloatArray:
    """Return exp[x_i, x_j]."""
    half = 0.5 * (x[:, None] - x[None, :])
    ratio = np.where(np.abs(half) < 1e-8, 1.0, np.sinh(half) / np.where(half == 0.0, 1.0, half))
    return np.asarray(np.exp(0.5 * (x[:, None] + x[None, :])) * ratio)


def _second_differences(x: FloatArray) -> FloatArray:
    """Return exp[x_i, x_k, x_j], indices i, k, j."""
    n = len(x)
    first = _first_differences(x)
    out = np.empty((n, n, n))
    for i in range(n):
        for k in range(n):
            for j in range(n):
                low, middle, high = sorted((i, k, j), key=lambda index: x[index])
                gap = x[high] - x[low]
                if gap > _CLOSE:
                    out[i, k, j] = (first[middle, high] - first[low, middle]) / gap
                else:
                    out[i, k, j] = _close(x[[low, middle, high]])
    return out


def _close(x: FloatArray) -> float:
    """exp[x, y, z] for nearby arguments: complete homogeneous polynomials of the centred points over (k + 2)!."""
    centre = float(x.mean())
    total, factorial = 0.0, 2.0
    complete = [1.0, 0.0, 0.0, 0.0, 0.0]
    for value in x - centre:
        for k in range(1, 5):
            complete[k] += value * complete[k - 1]
    for k, term in enumerate(complete):
        total += term / factorial
        factorial *= k + 3
    return float(np.exp(centre) * total)
