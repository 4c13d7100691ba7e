"""What a number is: units, periods, reported figures, series and observations."""
