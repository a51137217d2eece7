"""Commands on a worker thread."""
