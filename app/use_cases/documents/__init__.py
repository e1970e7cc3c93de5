"""Files that people upload to a case."""
