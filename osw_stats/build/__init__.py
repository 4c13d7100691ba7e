"""From raw files to a published edition: notebooks run, pages rendered, all of it published at once."""
