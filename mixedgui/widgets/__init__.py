"""Controls shared by dialogs and panes."""
