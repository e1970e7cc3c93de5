"""One file a group of pages; each view parses, calls one use case and renders."""
