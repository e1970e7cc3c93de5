"""The running product with a process of it killed in the middle of an act."""
