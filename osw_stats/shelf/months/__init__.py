"""Monthly counts around a date set beforehand. Worked example on published figures: `docs/worked_example.md`."""
