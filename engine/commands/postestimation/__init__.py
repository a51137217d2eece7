"""Commands about the last fit, or about stored ones."""
