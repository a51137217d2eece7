"""Frozen specifications: what a user asks for, without data."""
