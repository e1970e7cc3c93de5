"""Who may log in and what they may act as."""
