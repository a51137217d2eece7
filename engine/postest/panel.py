"""Predictions after ``xtreg`` ([XT] xtreg postestimation)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.errors import StataError
from engine.fit.panels import Panels
from engine.frame.columnvalues import FloatArray
from engine.frame.groups import code_variable
from engine.frame.prediction import sample_mask
from engine.frame.resolve import not_found
from engine.postest.linear import LinearRows
from engine.results.xtreg import XtregResult
from engine.spec.regression import PanelModel


@dataclass(frozen=True)
class XtregRows(LinearRows):
    """A fitted panel regression on the rows of a mask over the data."""

    result: XtregResult

    @cached_property
    def u(self) -> FloatArray:
        """Effect of each row's panel, shape (m,), NaN outside the estimation sample.

        Mean of y - X beta over the panel's sample; for random effects times
        T_i sigma_u^2 / (T_i sigma_u^2 + sigma_e^2).
        """
        name = self.result.panel
        if name not in self.dataset:
            raise not_found(name, self.dataset)
        sample = np.asarray(sample_mask(self.dataset, self.result.sample_rows))
        if not sample.any():
            raise StataError(2000, "no observations: the estimation sample is no longer in memory")
        whole = LinearRows(self.result, self.dataset, sample)
        codes = code_variable(self.dataset, name, sample)
        panels = Panels(codes.values, codes.n_groups)
        effects = panels.means(whole.residuals)
        if self.result.model is not PanelModel.FE:
            between = panels.sizes * self.result.sigma_u**2
            effects = effects * between / (between + self.result.sigma_e**2)
        found = np.full(len(sample), np.nan)
        found[sample] = effects[panels.codes]
        return np.asarray(found[self.rows])
