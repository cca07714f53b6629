from django.apps import AppConfig


class StampcardsConfig(AppConfig):
    name = "stampcards"
    verbose_name = "stamp cards"
