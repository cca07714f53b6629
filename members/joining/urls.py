from django.urls import path

from members.joining import views

app_name = "join"
urlpatterns = [
    path("<slug:shop>/", views.join, name="join"),
    path("<slug:shop>/rules/", views.rules, name="rules"),
    path("<slug:shop>/have-card/", views.have_card, name="have_card"),
    path("<slug:shop>/found/", views.found, name="found"),
]
