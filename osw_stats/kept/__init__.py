"""What a build keeps and trusts: content hashes, stored results, locks, logs, files replaced whole."""
