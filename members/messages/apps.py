from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "members.messages"
    label = "card_messages"  # Django's own are called "messages"
    verbose_name = "messages"
