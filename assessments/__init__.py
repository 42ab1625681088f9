"""Questions, attempts and marks."""
