"""Results as numbers to draw."""
