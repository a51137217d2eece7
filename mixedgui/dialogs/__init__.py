"""Dialogs: forms that write commands."""
