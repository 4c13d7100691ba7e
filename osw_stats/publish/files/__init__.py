"""Everything of an edition that people take away: report, tables, catalogue, citations."""
