"""The Results pane: the log as text and as tables, and what one can do with each result."""

from mixedgui.docks.results.pane import ResultsPane

__all__ = ["ResultsPane"]
