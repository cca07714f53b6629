from django.apps import AppConfig


class BirthdayConfig(AppConfig):
    name = "rewards.birthday"
    label = "birthday"
    verbose_name = "birthday treat"
