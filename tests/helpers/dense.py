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
    solved = inverse, inverse @ X, inverse @ residual, Phi
    out = []
    for block, Sigma in zip(frame.blocks, Sigmas, strict=True):
        level = frame.levels[block.level]
        if block.factor is not None:
            out.append(_factor_effects(frame, block, Sigma, solved, reml=reml))
            continue
        blup = np.empty((level.n_groups, block.Z.shape[1]))
        se = np.empty_like(blup)
        for g in range(level.n_groups):
            rows = np.flatnonzero(level.codes == g)  # Z'G has no other entries
            blup[g], error = _predicted(Sigma @ block.Z[rows].T, rows, Sigma, solved, reml=reml)
            se[g] = np.sqrt(np.diag(error))
        out.append((blup, se))
    return out


def _predicted(GZ, rows, Sigma, solved, *, reml):
    """One group's BLUP and the covariance matrix of its prediction errors; `GZ` (q, rows) on the rows given."""
    inverse, inverse_X, inverse_residual, Phi = solved
    error = Sigma - GZ @ inverse[np.ix_(rows, rows)] @ GZ.T
    if reml:
        slope = GZ @ inverse_X[rows]
        error = error + slope @ Phi @ slope.T
    return GZ @ inverse_residual[rows], error


def _factor_effects(frame, block, Sigma, solved, *, reml):
    """Effects of a factor's values within groups, (combinations, 1), in the order of group and value."""
    codes, own = frame.levels[block.level].codes, block.factor.codes
    covariance = Sigma[0, -1] if len(Sigma) > 1 else 0.0
    blup, se = [], []
    for g, k in sorted(set(zip(codes.tolist(), own.tolist(), strict=True))):
        rows = np.flatnonzero(codes == g)
        GZ = np.where(own[rows] == k, Sigma[0, 0], covariance)[None, :]
        found, error = _predicted(GZ, rows, Sigma[:1, :1], solved, reml=reml)
        blup.append(found)
        se.append(np.sqrt(error[0]))
    return np.array(blup), np.array(se)
