"""What a bank sees and decides of its credit limits, and what a firm sees of those that bind it."""
