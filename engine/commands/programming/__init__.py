"""Commands of do-files and of the session: macros, scalars, settings, logs, help."""
