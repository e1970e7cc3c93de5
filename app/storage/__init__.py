"""Tables and their queries, one noun a file; database.py holds the only commit."""
