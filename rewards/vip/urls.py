from django.urls import path

from rewards.vip import views

app_name = "early"
urlpatterns = [
    path("<str:private>/early/", views.all_drops, name="all"),
    path("<str:private>/early/<int:pk>/", views.drop, name="drop"),
    path("<str:private>/early/<int:pk>/now/", views.now, name="now"),
    path("<str:private>/early/<int:pk>/calendar.ics", views.calendar, name="calendar"),
]
