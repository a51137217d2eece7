"""Commands that fit a model."""
