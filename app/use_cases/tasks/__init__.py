"""What people do with user tasks."""
