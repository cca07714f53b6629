"""What every owner's page has in common: its frame, its messages, its forms of other pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from loyalty.models import Role, Shop
from members.models import Programme

View = Callable[..., HttpResponse]


def page(
    request: HttpRequest, role: Role, template: str, *, nav: str, status: int = 200, **needs: Any
) -> HttpResponse:
    """One of the owner's pages, with the sections this role may open.

    The pages of "Programme" say which `section` they are, or which `programme` they show.
    """
    if nav == "programme":
        needs = {**beside_each_other(role.shop), **needs}
    context = {
        "shop": role.shop,
        "role": role,
        "nav": nav,
        "owns": role.covers(Role.Level.OWNER),
        "manages": role.covers(Role.Level.MANAGER),
        **needs,
    }
    return render(request, template, context, status=status)


def beside_each_other(shop: Shop) -> dict[str, Any]:
    """What the row of links above the programme pages leads to."""
    all_of_them = list(Programme.objects.filter(shop=shop).in_order())
    return {
        "cards": [each for each in all_of_them if each.kind == "stamps"],
        "points": next((each for each in all_of_them if each.kind == "points"), None),
    }


def said(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Tell the next page what was done. `undo` is the address whose POST takes it back."""
    messages.success(request, text, extra_tags=undo)


def form_of(name: str, *things: str) -> Callable[[View], View]:
    """This address takes a form that stands on another page, `owner:<name>`.

    Whoever comes without the form (a reload, a change of language) is shown that page; of the
    same `things`, if the page is about one.
    """

    def decorate(view: View) -> View:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def posted(request: HttpRequest, shop: str, **kwargs: Any) -> HttpResponse:
            if request.method != "POST":
                return redirect(f"owner:{name}", shop, *(kwargs[thing] for thing in things))
            return view(request, shop, **kwargs)

        return posted

    return decorate
