"""The owner's door in the demo: a signed link, good for a day. Its address exists only there."""

from datetime import timedelta

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET

from loyalty.models import Role

LIFE = timedelta(days=1)

signer = TimestampSigner(salt="demo sign-in")


def signed(role: Role) -> str:
    return signer.sign(str(role.pk))


# The one GET that signs somebody in: the link is clicked in a terminal, and nobody behind it is
# real. Everywhere else it takes a mailed code.
@login_not_required
@require_GET
def sign_in(request: HttpRequest, link: str) -> HttpResponse:
    try:
        pk = signer.unsign(link, max_age=LIFE)
    except BadSignature as forged:  # or older than a day
        raise Http404 from forged
    role = get_object_or_404(Role.objects.active().select_related("person", "shop"), pk=pk)
    login(request, role.person, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("owner:week", role.shop.slug)


urlpatterns = [path("<str:link>/", sign_in, name="demo_sign_in")]
