"""Money and time of loans: pure arithmetic in Decimal, the date is an argument."""
