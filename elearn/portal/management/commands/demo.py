import io
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from courses.models import Course
from elearn.portal.domain.demo import PASSWORD, PEOPLE, NotTheDemo, make_demo_people
from elearn.portal.domain.demo_cohort import make_demo_cohort

SHIPPED_COURSE = "training-of-trainers"


class Command(BaseCommand):
    help = "Make the demo people, the shipped course and a cohort of it, where they are missing; then list the logins."

    def handle(self, **options: Any) -> None:
        try:
            make_demo_people()
        except NotTheDemo as error:
            raise CommandError(str(error)) from None
        if not Course.objects.filter(code=SHIPPED_COURSE).exists():
            package = settings.BASE_DIR / "courses" / "curricula" / SHIPPED_COURSE
            call_command("import_course", str(package), release=True, stdout=io.StringIO())
        make_demo_cohort(Course.objects.get(code=SHIPPED_COURSE))
        self.stdout.write(f"Demo people, password {PASSWORD}:")
        for person in reversed(PEOPLE):
            self.stdout.write(f"  {person.email:<24} {person.does}")
