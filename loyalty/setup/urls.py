"""The six steps from a name to a running programme. Step 2 is the sign-in's code page."""

from django.urls import path

from loyalty.setup.views import owner, visitor

app_name = "start"
urlpatterns = [
    path("", visitor.begin, name="begin"),
    path("3/", owner.trade, name="trade"),
    path("4/", owner.card, name="card"),
    path("4/preview/", owner.preview, name="preview"),
    path("5/", owner.rules, name="rules"),
    path("6/", owner.ready, name="ready"),
    path("6/start/", owner.start, name="start"),
    path("6/counter/", owner.new_code, name="new_code"),
    path("6/counter/state/", owner.counter_state, name="counter_state"),
    path("6/stamp/state/", owner.stamp_state, name="stamp_state"),
    path("colour/<slug:colour>.css", visitor.colour, name="colour"),
]
