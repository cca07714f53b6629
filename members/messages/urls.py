from django.urls import path

from members.messages import views

app_name = "messages"
urlpatterns = [
    path("m/<str:private>/messages/", views.messages, name="all"),
    path("m/<str:private>/messages/<int:pk>/seen/", views.got_it, name="got_it"),
    path("u/<str:signed>/", views.stop, name="stop"),
]
