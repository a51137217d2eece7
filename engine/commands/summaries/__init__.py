"""Commands that describe the data and change nothing."""
