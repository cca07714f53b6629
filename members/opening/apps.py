from django.apps import AppConfig


class OpeningConfig(AppConfig):
    name = "members.opening"
    label = "opening"
    verbose_name = "opening balances"
