"""What is read but cannot be carried out yet is refused, not ignored."""

from __future__ import annotations

import pytest

from engine.api import Session


@pytest.mark.parametrize("prefix", ["by id:", "bysort id:", "by id, sort:"])
def test_a_by_prefix_is_refused(prefix, data_file):
    session = Session()
    session.run(f'use "{data_file("pig")}"')
    outcome = session.run(f"{prefix} count")
    assert outcome.rc == 199
    assert "not available" in outcome.error.message
    assert f"{prefix} count"[slice(*outcome.error.span)] == prefix
