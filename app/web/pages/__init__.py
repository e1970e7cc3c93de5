"""One file a page: turns what a use case gave into what a template shows."""
