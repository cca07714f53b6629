"""The pages anybody may read."""

from django.urls import path

from loyalty.setup import front

urlpatterns = [
    path("", front.front, name="front"),
    path("nb/", front.front, {"language": "nb"}, name="front_nb"),
    path("da/", front.front, {"language": "da"}, name="front_da"),
    path("privacy/", front.page, {"name": "privacy"}, name="privacy"),
    path("help/", front.page, {"name": "help"}, name="help"),
    path("accessibility/", front.page, {"name": "accessibility"}, name="accessibility"),
]
