"""Quasi-Newton updates of the inverse Hessian: BFGS and DFP (Fletcher, *Practical Methods of Optimization*, ch. 3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.fit.points import Point
from engine.frame.modelframe import FloatArray
from engine.spec.technique import Technique

_CURVED = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class InverseHessian:
    """A positive definite approximation of the inverse Hessian, shape (K, K)."""

    matrix: FloatArray
    fresh: bool

    @classmethod
    def at(cls, point: Point) -> InverseHessian:
        """Begin from the exact Hessian where it is known, else from a step of moderate length along the gradient."""
        size = len(point.gamma)
        if point.hessian is not None:
            values, vectors = np.linalg.eigh(point.hessian)
            floored = np.maximum(np.abs(values), 1e-8 * float(np.abs(values).max()))
            return cls((vectors / floored) @ vectors.T, fresh=False)
        length = float(np.linalg.norm(point.gradient)) or 1.0
        return cls(np.eye(size) * min(1.0, 0.1 / length), fresh=True)

    def step(self, gradient: FloatArray) -> FloatArray:
        """Return the descent step."""
        return np.asarray(-self.matrix @ gradient)

    def updated(self, technique: Technique, old: Point, new: Point) -> InverseHessian:
        """Learn from a step; unchanged where the step shows no positive curvature."""
        s, y = new.gamma - old.gamma, new.gradient - old.gradient
        sy = float(s @ y)
        if sy <= _CURVED * float(np.linalg.norm(s) * np.linalg.norm(y)):
            return self
        B = self.matrix * (sy / float(y @ y) / self.matrix[0, 0]) if self.fresh else self.matrix
        By = B @ y
        if technique is Technique.DFP:
            B = B - np.outer(By, By) / float(y @ By) + np.outer(s, s) / sy
        else:
            B = B + (1.0 + float(y @ By) / sy) * np.outer(s, s) / sy - (np.outer(s, By) + np.outer(By, s)) / sy
        return InverseHessian(0.5 * (B + B.T), fresh=False)
