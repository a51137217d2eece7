"""The words before a command: ``quietly``, ``noisily``, ``capture``, ``by``."""

from __future__ import annotations

from engine.lang.abbrev import matches

_FLAGS = (("quietly", 3), ("noisily", 1), ("capture", 3))
_BY = (("by", 2), ("bysort", 3))

_LATER = "bayes collect fp mi permute rolling simulate stepwise svy xi"
LATER_PREFIXES = frozenset(_LATER.split())
"""Prefixes of Stata that are not available yet; a colon tells them from commands of the same name."""


def flag_prefix(word: str) -> str | None:
    """Return the full name of a prefix without argument, None when `word` is none."""
    return next((name for name, least in _FLAGS if matches(word, name, least)), None)


def by_prefix(word: str) -> str | None:
    """Return ``by`` or ``bysort``, None when `word` is neither."""
    return next((name for name, least in _BY if matches(word, name, least)), None)
