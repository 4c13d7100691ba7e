"""Download complete live tables of CBS and the police into new vintages."""
