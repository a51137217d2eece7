"""The pipeline from a model frame to estimates: cross-products, EM, Newton, information, tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from engine.design.blocks import Design
from engine.errors import StataError
from engine.events import NEVER, CancelToken, EventSink, Iteration, ignore_event
from engine.fit.constrained import unconstrained
from engine.fit.criterion import Criterion, Profile, profile
from engine.fit.explained import explained_variance
from engine.fit.jets import empty_jets
from engine.fit.model import make_criterion
from engine.fit.nullcone import null_cone
from engine.fit.residuals.report import residual_summary
from engine.fit.robust import ClusterScores, cluster_scores, robust_variance
from engine.fit.search import Fit, find_optimum, log_likelihood
from engine.fit.uncertainty import variance_uncertainty
from engine.fit.variances import VarianceEstimates, report_variances, search_names
from engine.fit.verdict import judge
from engine.frame.constrainedframe import constrained_frame
from engine.frame.modelframe import FloatArray, ModelFrame, RandomBlock
from engine.inference.lrtest import against_linear
from engine.inference.wald import wald_test
from engine.results.mixed import BlockSummary, LevelSummary, MixedResult, ResidualSummary
from engine.spec.mixed import Maximization


def estimate(
    frame: ModelFrame,
    maximization: Maximization = Maximization(),
    *,
    sink: EventSink = ignore_event,
    cancel: CancelToken = NEVER,
    sample_rows: npt.NDArray[np.int64] | None = None,
    small_sample: bool = False,
) -> MixedResult:
    """Fit the model of `frame` by ML or REML.

    Iterations are told to `sink` as they happen: stages ``em``, ``gradient``, ``se``, values on the log-likelihood
    scale. A model without random effects is a linear regression. With `small_sample` the result holds what
    approximate degrees of freedom rest on even where that takes an evaluation of its own.

    Raises
    ------
    StataError
        When the data cannot carry the model.
    Break
        When `cancel` was triggered.
    """
    with np.errstate(all="ignore"):
        try:
            return _estimate(frame, maximization, sink, cancel, sample_rows, small_sample=small_sample)
        except np.linalg.LinAlgError as error:
            raise StataError(
                498, "the model could not be computed: the data are too close to collinear, or too badly scaled"
            ) from error


def _estimate(
    frame: ModelFrame,
    maximization: Maximization,
    sink: EventSink,
    cancel: CancelToken,
    sample_rows: npt.NDArray[np.int64] | None,
    *,
    small_sample: bool,
) -> MixedResult:
    if frame.constraints is not None:
        inner = replace(constrained_frame(frame, frame.constraints), constraints=None)
        result = _estimate(inner, maximization, sink, cancel, sample_rows, small_sample=small_sample)
        return unconstrained(result, frame, frame.constraints)
    criterion = make_criterion(frame, cancel)
    fit = find_optimum(
        criterion, maximization, names=search_names(criterion.layout, frame, maximization), sink=sink, cancel=cancel
    )
    if not maximization.emonly:
        sink(Iteration("se", 0, float("nan")))
    scores = cluster_scores(criterion, fit.profile, frame, cancel)
    variances = report_variances(
        criterion,
        fit.profile,
        frame,
        with_se=not maximization.emonly,
        scores=None if scores is None else scores.variances,
    )
    cancel.check()
    result = _result(frame, criterion, fit, variances, sample_rows, scores=scores)
    cancel.check()
    verdict = judge(criterion, fit, variances, frame, maximization)
    uncertainty = variance_uncertainty(criterion, fit.profile, wanted=small_sample)
    return replace(result, record=replace(result.record, verdict=verdict), uncertainty=uncertainty)


def _result(
    frame: ModelFrame,
    criterion: Criterion,
    fit: Fit,
    variances: VarianceEstimates,
    sample_rows: npt.NDArray[np.int64] | None,
    *,
    scores: ClusterScores | None,
) -> MixedResult:
    design, reml, at = criterion.design, criterion.reml, fit.profile
    beta, vcov = _fixed_effects(frame, design, at)
    robust = None
    if scores is not None:
        vcov, robust = robust_variance(frame, design, at, scores=scores, variances=variances, model=vcov)
    ll = log_likelihood(at.value, design, reml=reml)
    linear = profile(empty_jets(design.gram, 0, 0), np.zeros(0), nu=criterion.nu, reml=reml)
    K = criterion.layout.size
    ll_linear = log_likelihood(linear.value, design, reml=reml) if K else float("nan")
    lr = against_linear(ll, ll_linear, df=0 if robust else K, one_variance=K == 1 and criterion.layout.n_random == 1)
    slopes = [i for i in frame.estimated if not frame.columns[i].is_constant]
    most = robust.n_clusters - 1 if robust else None
    wald = wald_test(beta[slopes], vcov[np.ix_(slopes, slopes)], most=most)
    return MixedResult(
        method=frame.method,
        depvar=frame.depvar,
        columns=frame.columns,
        beta=beta,
        vcov_beta=vcov,
        sigma2=variances.sigma2,
        levels=level_summaries(frame),
        blocks=tuple(_block_summary(block, Sigma) for block, Sigma in zip(frame.blocks, variances.Sigmas, strict=True)),
        parameters=variances.parameters,
        theta_names=variances.names,
        theta=variances.alpha,
        vcov_theta=variances.vcov_alpha,
        n_obs=frame.n_obs,
        ll=ll,
        ll_linear=ll_linear,
        df_linear=lr.df,
        chi2_linear=lr.chi2,
        p_linear=lr.p,
        chibar=lr.chibar,
        chi2=wald.chi2,
        df_model=wald.df,
        p_model=wald.p,
        rank=design.p + variances.rank if most is None else min(design.p + variances.rank, most),
        record=replace(fit.record, at_boundary=variances.at_boundary),
        sample_rows=np.flatnonzero(frame.e_sample) if sample_rows is None else sample_rows,
        robust=robust,
        weights=None if frame.weights is None else frame.weights.names,
        residual=_residual_summary(criterion, at, frame),
        explained=explained_variance(frame, criterion, at, variances.Sigmas, variances.sigma2),
        null_cone=null_cone(criterion) if lr.df else None,
    )


def _residual_summary(criterion: Criterion, at: Profile, frame: ModelFrame) -> ResidualSummary | None:
    layout = criterion.layout
    if frame.residual is None or layout.residual is None:
        return None
    return residual_summary(frame.residual, layout.residual, at.theta[layout.n_random :])


def _block_summary(block: RandomBlock, Sigma: FloatArray) -> BlockSummary:
    """Return an equation as fitted; of a factor's `Sigma` two values are enough."""
    factor = block.factor
    return BlockSummary(
        level_name=block.level_name,
        structure=block.structure,
        columns=block.columns,
        Sigma=Sigma if factor is None else Sigma[:1, :1],
        n_values=0 if factor is None else factor.n_levels,
        covariance=float(Sigma[0, 1]) if factor is not None and len(Sigma) > 1 else 0.0,
    )


def _fixed_effects(frame: ModelFrame, design: Design, at: Profile) -> tuple[FloatArray, FloatArray]:
    """Coefficients and covariance matrix of all columns; zero where not estimated."""
    k, basis, p = len(frame.columns), design.basis, design.p
    beta, vcov = np.zeros(k), np.zeros((k, k))
    if p:
        index = np.array(frame.estimated)
        beta[index] = basis.fixed_origin + basis.scale * basis.fixed_map @ at.b
        scaled = basis.scale * basis.fixed_map
        Phi = at.sigma2 * np.linalg.inv(at.jets.S[:p, :p])
        vcov[np.ix_(index, index)] = scaled @ (0.5 * (Phi + Phi.T)) @ scaled.T
    return beta, vcov


def level_summaries(frame: ModelFrame) -> tuple[LevelSummary, ...]:
    """Rows per group of every level, top first."""
    out = []
    for level in frame.levels:
        counts = np.bincount(level.codes, minlength=level.n_groups)
        out.append(
            LevelSummary(
                name=level.name,
                n_groups=level.n_groups,
                smallest=int(counts.min()),
                average=float(counts.mean()),
                largest=int(counts.max()),
            )
        )
    return tuple(out)
