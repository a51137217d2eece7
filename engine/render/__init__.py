"""Documents and graphs as text, HTML, CSV and figures."""
