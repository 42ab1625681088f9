"""Input of every screen, a module for each part of the package."""
