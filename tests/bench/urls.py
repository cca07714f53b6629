"""The site, and beside it the least a request can be: what all others are compared with."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from loyalty import urls as site
from tests.bench.ratios import plain

handler403 = site.handler403


@login_not_required
def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


urlpatterns = [
    path("hello/", hello),
    path("plain/<str:code>/stamp/", plain.stamp),
    path("plain/<str:private>/", plain.card),
    *site.urlpatterns,
]
