"""The Do-file editor."""
