"""Structured residual errors within groups: their layout, starting values, whitened products and reports."""
