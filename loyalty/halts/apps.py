from django.apps import AppConfig


class HaltsConfig(AppConfig):
    name = "loyalty.halts"
    label = "halts"
    verbose_name = "halts"
