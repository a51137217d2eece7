"""Diagnostic graphs of a fitted mixed model, drawn from arrays."""
