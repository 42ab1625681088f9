"""Questions to and from exchange files: GIFT, Aiken and Moodle XML (docs/question-formats.md)."""
