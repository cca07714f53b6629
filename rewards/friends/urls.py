from django.urls import path

from rewards.friends import views

app_name = "friends"
urlpatterns = [
    path("m/<str:private>/friends/", views.share, name="share"),
    path("r/<str:code>/", views.invitation, name="invitation"),
    # In a QR the address stands in capitals.
    path("R/<str:code>", views.invitation),
]
