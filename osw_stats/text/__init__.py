"""Words and numbers as readers see them, in Dutch and English."""
