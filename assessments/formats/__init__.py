"""Exchange formats for questions: a module each, with `read(content: bytes) -> Reading` and `write(items) -> bytes`."""
