"""What authorities have, what they say they need, what a case load would ask."""
