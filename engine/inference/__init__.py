"""Tests, intervals and degrees of freedom."""
