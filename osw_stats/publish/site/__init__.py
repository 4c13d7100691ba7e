"""From executed notebooks to pages: one staged project a language, two renderers of it."""
