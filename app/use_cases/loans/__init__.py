"""What people and the daily close do with loans that are paid out."""
