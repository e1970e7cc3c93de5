"""What a firm's figures say of its credit: financial statements, the ratios of them, and how a sector compares."""
