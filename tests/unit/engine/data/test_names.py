"""Names of variables."""

from __future__ import annotations

import pytest

from engine.data.names import why_illegal


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a" * 33, "33 characters"),
        ("1x", "no digit comes first"),
        ("my.var", "letters, digits and _"),
        ("using", "keeps the word"),
        ("str5", "keeps the word"),
        ("é" * 32, ""),
    ],
)
def test_what_is_wrong_with_a_name_is_said(name, reason):
    assert reason in why_illegal(name)
    assert bool(why_illegal(name)) is bool(reason)
