"""Binding a specification to a data set: expressions, samples, factor variables, groups."""
