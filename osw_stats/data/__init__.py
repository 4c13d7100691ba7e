"""From raw files to the tidy table, and to the tables as an edition sees them."""
