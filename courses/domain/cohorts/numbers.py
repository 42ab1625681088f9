"""The numbers of learners on attendance sheets: once given they stay, so that papers find their person."""

from collections.abc import Iterable

from django.db import transaction

from courses.models import Cohort, CohortMember, PrintKit


def numbers_of(cohort: Cohort) -> dict[int, str]:
    """The `public_id` of members by the numbers that they have on paper by now. One query."""
    rows = PrintKit.objects.filter(cohort=cohort).exclude(numbers=[]).order_by("pk")
    longest: list[str] = max(rows.values_list("numbers", flat=True), key=len, default=[])
    return dict(enumerate(longest, start=1))


def number_all(cohort: Cohort, seated: Iterable[CohortMember]) -> dict[str, int]:
    """The numbers by `public_id` as the next sheet would have them. One query.

    Whoever has a number keeps it, also one who has left; the others get the next ones, in the order in which they come.
    """
    numbers = {public_id: number for number, public_id in numbers_of(cohort).items()}
    for member in seated:
        numbers.setdefault(str(member.public_id), len(numbers) + 1)
    return numbers


@transaction.atomic
def give_numbers(kit: PrintKit) -> list[tuple[int, CohortMember]]:
    """Number everybody who takes part, for the sheet of this kit; answers them in the order of their numbers.

    Effects: whoever has a number keeps it; the others get the next ones, by name. Those who have left keep theirs, and
    are not answered. Asked again for the same kit, the numbers are the same.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=kit.cohort_id)
    seated = list(cohort.members.seated().select_related("person").order_by("person__printed_name", "pk"))
    by_member = number_all(cohort, seated)
    in_order = sorted(by_member, key=lambda public_id: by_member[public_id])
    PrintKit.objects.filter(pk=kit.pk).update(numbers=in_order)
    return sorted(((by_member[str(member.public_id)], member) for member in seated), key=lambda line: line[0])
