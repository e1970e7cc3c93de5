"""What firms and those who help them do with applications."""
