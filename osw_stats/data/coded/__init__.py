"""Tables coded by hand: answers of authorities, events, claims of a report, scenarios."""
