from django.urls import path

from rewards.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("<str:private>/rewards/", views.all_rewards, name="all"),
    path("<str:private>/rewards/<int:pk>/", views.reward, name="reward"),
    path("<str:private>/reward/<int:pk>/choose/", views.choose, name="choose"),
    path("<str:private>/reward/<int:pk>/cancel/", views.cancel, name="cancel"),
]
