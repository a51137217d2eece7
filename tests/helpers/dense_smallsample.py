"""Satterthwaite's and Kenward and Roger's methods in plain n x n algebra, term by term as the manual prints them.

[ME] mixed, *Methods and formulas*, equations 15 to 17 without the terms in R_ij, and Kenward and Roger (1997, 987).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from dense import covariance_ratio

from engine.covariance.structure import structure
from engine.frame.modelframe import ModelFrame


def derivatives(frame: ModelFrame) -> list[np.ndarray]:
    """dV / d sigma_i for every variance and covariance of the random effects and, last, the residual variance."""
    eye = np.eye(len(frame.y))
    sizes = [2 if block.factor is not None else block.Z.shape[1] for block in frame.blocks]
    out = []
    for b, block in enumerate(frame.blocks):
        for E in structure(block.structure, sizes[b]).basis:
            Psis = [E if other == b else np.zeros((q, q)) for other, q in enumerate(sizes)]
            out.append(covariance_ratio(frame, Psis) - eye)
    return [*out, eye]


@dataclass
class DenseSmallSample:
    """The formulas at V (n, n), a function of parameters with derivatives `slopes`."""

    X: np.ndarray
    y: np.ndarray
    V: np.ndarray
    slopes: list[np.ndarray]

    def __post_init__(self) -> None:
        Vi = np.linalg.inv(self.V)
        X, r = self.X, range(len(self.slopes))
        dVi = [-Vi @ D @ Vi for D in self.slopes]
        self.Phi = np.linalg.inv(X.T @ Vi @ X)
        self.P = [X.T @ D @ X for D in dVi]
        right = [D @ X for D in dVi]
        self.Q = [[right[i].T @ self.V @ right[j] for j in r] for i in r]
        Phi, P, Q = self.Phi, self.P, self.Q
        products = [D @ self.V for D in dVi]  # tr(AB) is the sum of A * B'
        expected = [
            [
                0.5 * np.sum(products[i] * products[j].T) - 0.5 * np.trace(2 * Phi @ Q[i][j] - Phi @ P[i] @ Phi @ P[j])
                for j in r
            ]
            for i in r
        ]
        M = Vi - Vi @ X @ Phi @ X.T @ Vi
        moved = [M @ D for D in self.slopes]
        pulled = [D @ M @ self.y for D in self.slopes]
        observed = [[pulled[i] @ M @ pulled[j] - 0.5 * np.sum(moved[i] * moved[j].T) for j in r] for i in r]
        self.information = {"eim": np.array(expected), "oim": np.array(observed)}

    def covariance(self, kind: str) -> np.ndarray:
        """W, the inverse of the information; generalised where only sums of parameters are known."""
        found = self.information[kind]
        scale = np.sqrt(np.maximum(np.diag(found), 1e-12))
        return np.linalg.pinv(found / np.outer(scale, scale), rcond=1e-9, hermitian=True) / np.outer(scale, scale)

    def adjusted(self, kind: str) -> np.ndarray:
        """Phi_A."""
        W = self.covariance(kind)
        Phi, P, Q, r = self.Phi, self.P, self.Q, range(len(self.P))
        inner = sum(W[i, j] * (Q[i][j] - P[i] @ Phi @ P[j]) for i in r for j in r)
        return Phi + 2 * Phi @ inner @ Phi

    def single(self, c: np.ndarray, kind: str) -> float:
        """Degrees of freedom of c'beta."""
        W = self.covariance(kind)
        d = np.array([-c @ self.Phi @ P @ self.Phi @ c for P in self.P])
        return float(2 * (c @ self.Phi @ c) ** 2 / (d @ W @ d))

    def satterthwaite(self, C: np.ndarray, kind: str) -> float:
        """Denominator degrees of freedom after Fai and Cornelius."""
        vectors = np.linalg.eigh(C.T @ self.Phi @ C)[1]
        nu = np.array([self.single(C @ p, kind) for p in vectors.T])
        if len(nu) == 1:
            return float(nu[0])
        E = np.sum(nu[nu > 2] / (nu[nu > 2] - 2))
        return float(2 * E / (E - len(nu)))

    def kenward_roger(self, C: np.ndarray, kind: str) -> tuple[float, float]:
        """Denominator degrees of freedom and scale of the F statistic."""
        W = self.covariance(kind)
        Phi, P, r, el = self.Phi, self.P, range(len(self.P)), C.shape[1]
        Theta = C @ np.linalg.inv(C.T @ Phi @ C) @ C.T
        T = [Theta @ Phi @ P[i] @ Phi for i in r]
        A1 = sum(W[i, j] * np.trace(T[i]) * np.trace(T[j]) for i in r for j in r)
        A2 = sum(W[i, j] * np.trace(T[i] @ T[j]) for i in r for j in r)
        B = (A1 + 6 * A2) / (2 * el)
        g = ((el + 1) * A1 - (el + 4) * A2) / ((el + 2) * A2)
        c1, c2, c3 = (a / (3 * el + 2 * (1 - g)) for a in (g, el - g, el + 2 - g))
        mean = 1 / (1 - A2 / el)
        variance = (2 / el) * (1 + c1 * B) / ((1 - c2 * B) ** 2 * (1 - c3 * B))
        rho = variance / (2 * mean**2)
        m = 4 + (el + 2) / (el * rho - 1)
        return float(m), float(m / (mean * (m - 2)))
