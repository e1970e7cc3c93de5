"""The firms that a funder admitted to work for it."""
