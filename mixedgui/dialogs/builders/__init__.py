"""Sub-dialogs that put a part of a command together and hand it back."""
