from django.urls import path

from stampcards.counter.views import cards, codes, menu, pairing, till, undoing

app_name = "counter"
urlpatterns = [
    path("c/", till.home, name="home"),
    path("c/pair/<str:once>/", pairing.pairing, name="pair"),
    path("c/leave/", pairing.leave, name="leave"),
    path("c/card/<str:code>/", cards.card, name="card"),
    path("c/card/<str:code>/stamp/", cards.stamp, name="stamp"),
    path("c/card/<str:code>/reward/", cards.reward, name="reward"),
    path("c/last/", undoing.last, name="last"),
    path("c/undo/<uuid:key>/", undoing.undo, name="undo"),
    path("c/staff/", menu.staff, name="staff"),
    path("c/new/", menu.new, name="new"),
    path("c/theme/", menu.theme, name="theme"),
    path("c/help/", menu.help_page, name="help"),
    # In a QR the address stands in capitals.
    path("S/<str:code>", codes.code),
    path("s/<str:code>", codes.code, name="code"),
]
