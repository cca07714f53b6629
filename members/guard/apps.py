from django.apps import AppConfig


class GuardConfig(AppConfig):
    name = "members.guard"
    label = "guard"
    verbose_name = "guard"
