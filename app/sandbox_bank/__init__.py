"""A small bank for demo, training and tests: a process of its own that behaves as badly as real ones do."""
