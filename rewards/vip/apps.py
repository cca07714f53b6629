from django.apps import AppConfig


class VipConfig(AppConfig):
    name = "rewards.vip"
    label = "vip"
    verbose_name = "early access"
