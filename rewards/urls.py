from django.urls import path

from rewards import views

app_name = "reward"
urlpatterns = [
    path("<str:private>/reward/<int:pk>/", views.show, name="show"),
    path("<str:private>/reward/<int:pk>/use/", views.use, name="use"),
    path("<str:private>/reward/<int:pk>/now/", views.now, name="now"),
]
