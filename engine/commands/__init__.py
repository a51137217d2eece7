"""One module per command: its declaration and what it does."""
