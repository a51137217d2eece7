"""Covariance structures and the metrics of their parameters."""
