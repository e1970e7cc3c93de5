"""Firms as the staff of a funder and of the platform see them: the whole picture, and the links around each."""
