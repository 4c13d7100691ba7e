"""From raw files to tidy observations. Imports the vocabulary, nothing above it."""
