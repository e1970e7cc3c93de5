"""How process instances start, go on and end."""
