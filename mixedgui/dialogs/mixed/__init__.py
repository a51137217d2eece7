"""The dialog of `mixed`."""
