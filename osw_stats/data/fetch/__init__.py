"""Live tables of CBS and the police, downloaded whole into new vintages."""
