"""The line of a certificate: from the authorisation under which it was earned up to the root."""

from dataclasses import asdict, dataclass

from certificates.models import TrainerAuthorisation


@dataclass(frozen=True)
class Step:
    """One authorisation of the line, as it was at issue. It names no person.

    `certificate` is the serial of the trainer's own subject certificate, where the name stands as long as it may.
    """

    authorisation: str
    generation: int
    institution: str
    country: str
    certificate: str


def line_of(authorisation: TrainerAuthorisation | None) -> list[dict[str, object]]:
    """The steps from this authorisation up to the root, as plain data; empty for what the programme gave itself."""
    if authorisation is None:
        return []
    keys = [int(key) for key in (authorisation.path or "").split(".") if key]
    rows = TrainerAuthorisation.objects.select_related("institution", "subject_certificate").in_bulk(keys)
    return [
        asdict(
            Step(
                authorisation=str(rows[key].public_id),
                generation=rows[key].generation,
                institution=rows[key].institution.name,
                country=rows[key].institution.country,
                certificate=rows[key].subject_certificate.serial,
            )
        )
        for key in reversed(keys)
    ]
