from django.urls import path

from members.card.views import finding, looking, printing, saving, settings

app_name = "card"
urlpatterns = [
    path("", finding.find, name="find"),
    path("own/", finding.own, name="own"),
    path("<str:private>/", looking.card, name="card"),
    path("<str:private>/code/", looking.code, name="code"),
    path("<str:private>/print/", printing.printed, name="print"),
    path("<str:private>/qr/<str:code>.svg", looking.qr_code, name="qr"),
    path("<str:private>/now/", looking.now, name="now"),
    path("<str:private>/history/", looking.history, name="history"),
    path("<str:private>/expiring/", looking.expiring, name="expiring"),
    path("<str:private>/name/", settings.name, name="name"),
    path("<str:private>/settings/", settings.settings, name="settings"),
    path("<str:private>/new-code/", settings.new_code, name="new_code"),
    path("<str:private>/save/", saving.save, name="save"),
    path("<str:private>/saved/<str:token>/", saving.saved, name="saved"),
]
