"""Work that does not go on by itself: finding it by its cause, and the acts that mend it."""
