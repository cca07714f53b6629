from django.apps import AppConfig


class InvitationsConfig(AppConfig):
    name = "loyalty.invitations"
    label = "invitations"
    verbose_name = "invitations"
