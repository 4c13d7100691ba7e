"""Monthly counts before and after a date."""
