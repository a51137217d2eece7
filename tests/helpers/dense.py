"""Mixed models in plain n x n algebra: what the engine must equal, by another route."""

from __future__ import annotations

import numpy as np

from engine.frame.modelframe import ModelFrame


def covariance_ratio(frame: ModelFrame, Psis: list[np.ndarray], W: np.ndarray | None = None) -> np.ndarray:
    """H = V / sigma2 with Psi = Sigma / sigma2 of every block; for a factor that of two of its values.

    `W` is the covariance matrix of the residuals relative to sigma2, the identity by default.
    """
    H = np.eye(len(frame.y)) if W is None else W.copy()
    for block, Psi in zip(frame.blocks, Psis, strict=True):
        codes = frame.levels[block.level].codes
        same = codes[:, None] == codes[None, :]
        if block.factor is None:
            H += (block.Z @ Psi @ block.Z.T) * same
        else:
            alike = block.factor.codes[:, None] == block.factor.codes[None, :]
            H += same * np.where(alike, Psi[0, 0], Psi[0, -1] if len(Psi) > 1 else 0.0)
    return H


def profile_criterion(frame: ModelFrame, Psis: list[np.ndarray], *, reml: bool, W: np.ndarray | None = None) -> float:
    """-2 log (restricted) likelihood with beta and sigma2 at their maximum."""
    H = covariance_ratio(frame, Psis, W)
    X, y = frame.X, frame.y
    inverse = np.linalg.inv(H)
    A = X.T @ inverse @ X
    residual = y - X @ np.linalg.solve(A, X.T @ inverse @ y)
    nu = len(y) - (X.shape[1] if reml else 0)
    value = np.linalg.slogdet(H)[1] + nu * (np.log(residual @ inverse @ residual / nu) + 1 + np.log(2 * np.pi))
    return float(value + (np.linalg.slogdet(A)[1] if reml else 0.0))


def minus_two_log_likelihood(frame: ModelFrame, Sigmas: list[np.ndarray], sigma2: float, *, reml: bool) -> float:
    """-2 log (restricted) likelihood with only beta at its maximum."""
    V = sigma2 * covariance_ratio(frame, [Sigma / sigma2 for Sigma in Sigmas])
    X, y = frame.X, frame.y
    inverse = np.linalg.inv(V)
    A = X.T @ inverse @ X
    residual = y - X @ np.linalg.solve(A, X.T @ inverse @ y)
    nu = len(y) - (X.shape[1] if reml else 0)
    value = np.linalg.slogdet(V)[1] + residual @ inverse @ residual + nu * np.log(2 * np.pi)
    return float(value + (np.linalg.slogdet(A)[1] if reml else 0.0))


def random_effects(
    frame: ModelFrame, Sigmas: list[np.ndarray], sigma2: float, *, reml: bool
) -> list[tuple[np.ndarray, np.ndarray]]:
    """BLUPs and their standard errors per block, (G, q) each: G Z'V^-1 r and its prediction error variance."""
    V = sigma2 * covariance_ratio(frame, [Sigma / sigma2 for Sigma in Sigmas])
    X, y = frame.X, frame.y
    inverse = np.linalg.inv(V)
    Phi = np.linalg.inv(X.T @ inverse @ X)
    residual = y - X @ Phi @ X.T @ inverse @ y
    out = []
    for block, Sigma in zip(frame.blocks, Sigmas, strict=True):
        level = frame.levels[block.level]
        if block.factor is not None:
            out.append(_factor_effects(frame, block, Sigma, (inverse, Phi, residual), reml=reml))
            continue
        blup = np.empty((level.n_groups, block.Z.shape[1]))
        se = np.empty_like(blup)
        for g in range(level.n_groups):
            GZ = Sigma @ (block.Z * (level.codes == g)[:, None]).T
            blup[g] = GZ @ inverse @ residual
            error = Sigma - GZ @ inverse @ GZ.T
            if reml:
                slope = GZ @ inverse @ X
                error = error + slope @ Phi @ slope.T
            se[g] = np.sqrt(np.diag(error))
        out.append((blup, se))
    return out


def _factor_effects(frame, block, Sigma, solved, *, reml):
    """Effects of a factor's values within groups, (combinations, 1), in the order of group and value."""
    inverse, Phi, residual = solved
    codes, own = frame.levels[block.level].codes, block.factor.codes
    covariance = Sigma[0, -1] if len(Sigma) > 1 else 0.0
    blup, se = [], []
    for g, k in sorted(set(zip(codes.tolist(), own.tolist(), strict=True))):
        GZ = (codes == g) * np.where(own == k, Sigma[0, 0], covariance)
        blup.append([GZ @ inverse @ residual])
        error = Sigma[0, 0] - GZ @ inverse @ GZ
        if reml:
            slope = GZ @ inverse @ frame.X
            error = error + slope @ Phi @ slope
        se.append([np.sqrt(error)])
    return np.array(blup), np.array(se)
