"""What an invited colleague opens from the mail."""

from django.urls import path

from loyalty.invitations import views

app_name = "invitation"
urlpatterns = [
    path("<str:secret>/", views.show, name="show"),
    path("<str:secret>/code/", views.send_code, name="send_code"),
    path("<str:secret>/accept/", views.accept, name="accept"),
]
