"""Every address of the site. Short ones are printed, so they carry no language."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from loyalty import brand, health
from loyalty.pictures.views import show_picture
from members.card.views.clubs import clubs
from members.privacy.views import delete_account

handler403 = "loyalty.errors.refusal"

urlpatterns = [
    path("", include("loyalty.setup.front_urls")),  # names: front, privacy, help, accessibility
    path("start/", include("loyalty.setup.urls")),  # start:…
    path("o/", include("loyalty.dashboard.urls")),  # owner:…
    path("invitation/", include("loyalty.invitations.urls")),  # invitation:…
    path("j/", include("members.joining.urls")),  # join:…
    path("m/", include("members.card.urls")),  # card:…
    path("clubs/", clubs, name="clubs"),
    path("clubs/delete/", delete_account, name="delete_account"),
    path("m/", include("members.privacy.urls")),  # my_data:…
    path("", include("members.messages.urls")),  # messages:… below m/, and u/<signed>/
    path("m/", include("rewards.urls")),  # reward:…
    path("m/", include("rewards.catalogue.urls")),  # catalogue:…
    path("m/", include("rewards.tiers.urls")),  # levels:…
    path("m/", include("rewards.vip.urls")),  # early:…
    path("", include("rewards.friends.urls")),  # friends:… below m/, and r/<code>
    path("", include("stampcards.counter.urls")),  # counter:… below c/, and s/<code>
    path("b/<slug:shop>/<slug:version>.css", brand.brand_css, name="brand"),
    path("p/<slug:name>.webp", show_picture, name="picture"),
    path("livez", health.livez, name="livez"),  # without a slash, as those who ask them expect
    path("readyz", health.readyz, name="readyz"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("accounts/", include("loyalty.signin_urls")),  # our own code page before allauth's
    path("accounts/", include("allauth.urls")),
]

if settings.DEMO:
    urlpatterns += [path("demo/", include("loyalty.management.demo.signin"))]
