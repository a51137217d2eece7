"""How often Python looks for cycles of garbage; imported before everything else that makes objects.

At its usual setting the collector takes a seventh of the time to the first paint, all of it in vain, and later stops
the window for tens of milliseconds whenever it walks through everything that the start has left.
"""

from __future__ import annotations

import gc

ALLOCATIONS = 50_000
"""Objects made since the last look at the youngest ones; the usual setting is 700."""

gc.set_threshold(ALLOCATIONS, 20, 50)
