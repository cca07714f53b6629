from django.urls import path

from members.joining import views
from members.privacy.views import shop_privacy

app_name = "join"
urlpatterns = [
    path("<slug:shop>/", views.join, name="join"),
    path(
        "<slug:shop>/share/<slug:language>/<slug:version>.png",
        views.share_picture,
        name="share_picture",
    ),
    path("<slug:shop>/rules/", views.rules, name="rules"),
    path("<slug:shop>/have-card/", views.have_card, name="have_card"),
    path("<slug:shop>/privacy/", shop_privacy, name="privacy"),
    path("<slug:shop>/found/", views.found, name="found"),
]
