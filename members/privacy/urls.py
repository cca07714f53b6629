from django.urls import path

from members.privacy import views

app_name = "my_data"
urlpatterns = [
    path("<str:private>/data/", views.data, name="data"),
    path("<str:private>/data.json", views.download, name="download"),
    path("<str:private>/delete/", views.delete, name="delete"),
    path("<str:private>/bring-back/", views.bring_back, name="bring_back"),
]
