"""The engine: data, language, estimation and results, without any window."""
