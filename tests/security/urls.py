"""The site's addresses, and two that break."""

from django.db import OperationalError
from django.urls import path

from loyalty import urls

handler403 = urls.handler403


def broken(request):
    raise RuntimeError("the secret of the house: 4711")


def busy(request):
    raise OperationalError("the secret of the house: 4711")


for view in (broken, busy):
    view.login_required = False

urlpatterns = [*urls.urlpatterns, path("broken/", broken), path("busy/", busy)]
