"""The data editor: the table, its bars, and the window around them."""
