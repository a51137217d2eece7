"""Commands that change the data in memory."""
