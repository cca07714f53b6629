from django.urls import path

from stampcards.counter.views import (
    cards,
    codes,
    enrolling,
    looking,
    menu,
    merging,
    offline,
    pairing,
    paper,
    queue,
    till,
    undoing,
)

app_name = "counter"
urlpatterns = [
    path("c/", till.home, name="home"),
    path("c/pair/<str:once>/", pairing.pairing, name="pair"),
    path("c/leave/", pairing.leave, name="leave"),
    path("c/card/<str:code>/", cards.card, name="card"),
    # Two names of one view: which programme it is stands in the form.
    path("c/card/<str:code>/stamp/", cards.give, name="stamp"),
    path("c/card/<str:code>/points/", cards.give, name="points"),
    path("c/card/<str:code>/reward/", cards.reward, name="reward"),
    path("c/card/<str:code>/redeem/", cards.redeem, name="redeem"),
    path("c/card/<str:code>/perk/", cards.perk, name="perk"),
    path("c/card/<str:code>/move/", paper.show_code, name="show_code"),
    path("c/card/<str:code>/move/undo/", paper.undo_move, name="undo_move"),
    path("c/card/<str:code>/merge/", merging.other_card, name="merge"),
    path("c/card/<str:code>/merge/<str:other>/", merging.merge_with, name="merge_with"),
    path("c/last/", undoing.last, name="last"),
    path("c/undo/<uuid:key>/", undoing.undo, name="undo"),
    path("c/staff/", menu.staff, name="staff"),
    path("c/search/", looking.search, name="search"),
    path("c/new/", enrolling.new, name="new"),
    path("c/new/phone/", enrolling.phone, name="phone"),
    path("c/new/paper/", paper.paper, name="paper"),
    path("c/theme/", menu.theme, name="theme"),
    path("c/help/", menu.help_page, name="help"),
    path("c/offline/", offline.shell, name="shell"),
    path("c/queue/", queue.queue, name="queue"),
    path("c/sw.js", offline.worker, name="worker"),
    path("c/app.webmanifest", offline.manifest, name="manifest"),
    # In a QR the address stands in capitals.
    path("S/<str:code>", codes.code),
    path("s/<str:code>", codes.code, name="code"),
    path("s/<str:code>/move/", codes.move, name="move"),
]
