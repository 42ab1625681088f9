"""What a cohort refuses."""


class CohortRefused(ValueError):
    """It cannot be done with this cohort; the message says why, in words. `field` is the form's field it concerns."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
