"""Commands that repeat another one on samples of the data."""
