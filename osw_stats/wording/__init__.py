"""Words around a number, and the interval that they leave open."""
