from django.urls import path

from rewards.tiers import views

app_name = "levels"
urlpatterns = [
    path("<str:private>/levels/", views.all_levels, name="all"),
    path("<str:private>/levels/<int:pk>/", views.ask, name="ask"),
]
