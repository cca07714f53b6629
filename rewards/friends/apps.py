from django.apps import AppConfig


class FriendsConfig(AppConfig):
    name = "rewards.friends"
    label = "friends"
    verbose_name = "friends"
