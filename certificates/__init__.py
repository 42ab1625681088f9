"""Proof of what was learned, that anyone can check."""
