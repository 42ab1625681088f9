"""Who people are, where they work, and what they may do."""
