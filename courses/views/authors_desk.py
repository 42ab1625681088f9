from typing import Any

from wagtail.admin.ui.components import Component

from courses.domain.authors_desk import course_lines, place_for_a_course


class YourCoursesPanel(Component):
    """The first panel of the CMS: the person's courses, and what is under way in each."""

    name = "your_courses"
    template_name = "courses/cms/your_courses.html"
    order = 50

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        person = parent_context["request"].user
        return {"lines": course_lines(person), "catalogue": place_for_a_course(person)}
