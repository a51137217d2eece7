"""Dialog state without Qt."""
