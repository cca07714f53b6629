"""My clubs: all cards of whoever is signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from loyalty import clock
from members import access
from members.card.clubs import clubs_of


@require_safe
def clubs(request: HttpRequest) -> HttpResponse:
    """Their own cards and nobody else's; who is not signed in is asked to."""
    context = {
        "clubs": clubs_of(request.user, clock.now()),
        "deleted": access.deleted_cards_of_person(request.user),
    }
    return render(request, "members/card/clubs.html", context)
