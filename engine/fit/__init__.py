"""Criterion, EM, Newton and the estimation pipeline."""
