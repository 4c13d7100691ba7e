"""Capacity of authorities: what they have, what they state they need, and what a caseload would require."""
