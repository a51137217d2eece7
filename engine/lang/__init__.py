"""Text to tree and back; knows no data and no models."""
