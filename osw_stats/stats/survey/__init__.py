"""Shares of a survey: intervals, differences, models, and what they mean in people."""
