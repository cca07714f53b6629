"""Insights: the figures of a month, a quarter, a year, and what each of them means."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from loyalty import access
from loyalty.dashboard.insights import reading as figures
from loyalty.dashboard.insights import shown
from loyalty.dashboard.insights.forms import InsightsForm
from loyalty.dashboard.insights.reading import Choice, Insights
from loyalty.dashboard.pages import page
from loyalty.dashboard.places import Places, places_of
from loyalty.downloads import csv_file
from loyalty.models import Role


@require_safe
def insights(request: HttpRequest, shop: str) -> HttpResponse:
    """The figures of a period; staff see the visits only."""
    role = access.role_for(request, shop)
    choice = figures.choice_of(role.shop, request.GET.get("period", ""))
    places = places_of(request, role)
    if choice is None:
        return page(request, role, "owner/insights.html", nav="more", choice=None)
    found = _read(role, choice, places)
    form = InsightsForm(request.GET, found=found, places=places)
    return page(
        request,
        role,
        "owner/insights.html",
        nav="more",
        choice=choice,
        form=form,
        found=found,
        asked=request.GET.urlencode(),
        period=shown.named(choice.period),
        groups=shown.groups(found, form.told),
        few=shown.few_words(found),
        visits=shown.visits_chart(found),
        sources=shown.sources_chart(found),
        cohorts=shown.cohort_rows(found.cohorts),
    )


@require_safe
def insights_csv(request: HttpRequest, shop: str) -> HttpResponse:
    """The same numbers as a file for a spreadsheet."""
    role = access.role_for(request, shop)
    choice = figures.choice_of(role.shop, request.GET.get("period", ""))
    places = places_of(request, role)
    if choice is None:
        return csv_file(f"{shop}-insights.csv", [])
    found = _read(role, choice, places)
    form = InsightsForm(request.GET, found=found, places=places)
    return csv_file(f"{shop}-insights-{choice.period.key}.csv", shown.rows(found, form.told))


def _read(role: Role, choice: Choice, places: Places) -> Insights:
    if not role.covers(Role.Level.MANAGER):
        return figures.visits_only(role.shop, choice, places.counted)
    return figures.insights_of(role.shop, choice, places.counted)
