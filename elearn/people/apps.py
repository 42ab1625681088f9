from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "elearn.people"
    label = "people"
    verbose_name = "People"
