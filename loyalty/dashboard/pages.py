"""What every owner's page has in common: its frame, its messages, its forms of other pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from loyalty.models import Role

View = Callable[..., HttpResponse]


def page(
    request: HttpRequest, role: Role, template: str, *, nav: str, status: int = 200, **needs: Any
) -> HttpResponse:
    """One of the owner's pages, with the sections this role may open."""
    context = {
        "shop": role.shop,
        "role": role,
        "nav": nav,
        "owns": role.covers(Role.Level.OWNER),
        "manages": role.covers(Role.Level.MANAGER),
        **needs,
    }
    return render(request, template, context, status=status)


def said(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Tell the next page what was done. `undo` is the address whose POST takes it back."""
    messages.success(request, text, extra_tags=undo)


def form_of(name: str) -> Callable[[View], View]:
    """This address takes a form that stands on another page, `owner:<name>`.

    Whoever comes without the form (a reload, a change of language) is shown that page.
    """

    def decorate(view: View) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def posted(request: HttpRequest, shop: str, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                return redirect(f"owner:{name}", shop)
            return view(request, shop, **kwargs)

        return posted

    return decorate
