"""Results as typed documents."""
