"""What gives power to others asks for a sign-in of the last five minutes: is it still you?"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from loyalty import signin
from loyalty.security.proofs import signed_in_lately

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def confirmed(view: View) -> View:
    """Ask first, where owners need a second factor (REQUIRE_SECOND_FACTOR).

    A form that was sent too late is sent once more by hand: nothing happens behind a question.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.REQUIRE_SECOND_FACTOR or signed_in_lately(request):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            messages.info(request, _("Confirm that it is you, then do it once more."))
        [first, *_others] = get_adapter().get_reauthentication_methods(request.user)
        return redirect(f"{first['url']}?{urlencode({'next': request.get_full_path()})}")

    return cast(View, asked)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """Whoever has no second factor proves with a new mailed code that it is still them."""
    then = request.GET.get("next", "")
    if not get_adapter().is_safe_url(then):
        then = resolve_url(settings.LOGIN_REDIRECT_URL)
    if request.method != "POST":
        return render(request, "account/again.html")
    email = request.user.email or ""  # type: ignore[union-attr]
    logout(request)
    return signin.send_code(request, email=email, then=then, back=signin.sign_in_page(then))
