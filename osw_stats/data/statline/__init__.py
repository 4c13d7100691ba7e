"""Tables as CBS StatLine and data.politie.nl publish them, in every shape we know."""
