"""The home page, and the screens that compose several packages."""
