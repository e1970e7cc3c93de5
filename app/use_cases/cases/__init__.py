"""What people may see of a case."""
