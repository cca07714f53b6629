from django.apps import AppConfig


class PicturesConfig(AppConfig):
    name = "loyalty.pictures"
    label = "pictures"
    verbose_name = "pictures"
