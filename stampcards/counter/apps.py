from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "stampcards.counter"
    label = "counter"
    verbose_name = "counter"
