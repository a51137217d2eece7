"""Estimates and stored results as typed, frozen values."""
