"""The business date and the daily close (日终) over all loans."""
