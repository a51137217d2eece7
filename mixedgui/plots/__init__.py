"""Interactive views of a graph description."""
