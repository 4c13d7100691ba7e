"""What a number is: units, periods, reported figures, series and observations.

The ground floor of the house: nothing here imports from another floor.
"""
