"""Arrays reduced to per-group cross-products."""
