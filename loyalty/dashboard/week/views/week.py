"""This week: the launch list until the first stamp, then the figures, and what to do next."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from loyalty import access, clock, qr
from loyalty.dashboard.flags import latecomers, unusual
from loyalty.dashboard.pages import page
from loyalty.dashboard.places import Places, places_of
from loyalty.dashboard.week import figures, weeks, words
from loyalty.dashboard.week.figures import Week
from loyalty.dashboard.week.goals import standing_of
from loyalty.dashboard.week.next_step import suggestion
from loyalty.dashboard.week.readings import Reading, readings
from loyalty.downloads import csv_file
from loyalty.models import Counter, Role
from loyalty.setup import progress
from members.models import Membership, Programme

MANAGER, OWNER = Role.Level.MANAGER, Role.Level.OWNER


@dataclass(frozen=True)
class Asked:
    """One week of some places, counted: what the page and the file have in common."""

    week: Week
    places: Places
    only_stamps: bool
    readings: list[Reading]


@require_safe
def week(request: HttpRequest, shop: str) -> HttpResponse:
    """What happened this week, or in one that is over; staff see the visits only."""
    role = access.role_for(request, shop)
    if role.shop.live_since is None and role.covers(OWNER):
        progress.keep_shop(request, role.shop)
        return redirect("start:trade")
    if not figures.has_begun() and role.covers(MANAGER):
        return launch(request, role)
    now = clock.now()
    asked = _asked(request, role, now)
    stretch = asked.week.stretch
    return page(
        request,
        role,
        "owner/week.html",
        nav="week",
        week=asked.week,
        places=asked.places,
        sentence=words.sentence(asked.week),
        figures=[each.shown for each in asked.readings],
        visits=words.visits_per_day(asked.week),
        sources=words.sign_ups_by_source(asked.week),
        only_stamps=asked.only_stamps,
        first=stretch.monday <= weeks.first_day(role.shop, now),
        **(_todays(role, now, asked) if role.covers(MANAGER) and not stretch.over else {}),
    )


@require_safe
def week_csv(request: HttpRequest, shop: str) -> HttpResponse:
    """The figures of the page as a file for a spreadsheet."""
    role = access.role_for(request, shop)
    asked = _asked(request, role, clock.now())
    rows = words.rows(asked.week, asked.readings, role.shop, asked.places)
    return csv_file(f"{shop}-{asked.week.stretch.key}.csv", rows)


def _asked(request: HttpRequest, role: Role, now: datetime) -> Asked:
    places, monday = places_of(request, role), _monday(request, role, now)
    count = figures.week_of if role.covers(MANAGER) else figures.visits_of
    counted = count(role.shop, now, monday=monday, places=places.counted)
    only_stamps = Programme.objects.only_stamps()
    read = readings(counted, role.shop, only_stamps=only_stamps)
    return Asked(counted, places, only_stamps, read)


def _monday(request: HttpRequest, role: Role, now: datetime) -> date | None:
    """Which week the address names (`?week=2026-W47`). None: this one. 404: it never was."""
    key = request.GET.get("week", "")
    if not key:
        return None
    monday = weeks.asked_for(role.shop, key, now)
    if monday is None:
        raise Http404
    return monday


def _todays(role: Role, now: datetime, asked: Asked) -> dict[str, Any]:
    """What is to be done now. It belongs to the whole shop, and to no week that is over."""
    whole = asked.places.counted is None
    return {
        "late": latecomers.how_many(),
        "unusual": unusual.how_many(role.shop, now),
        "suggestion": suggestion(now, only_stamps=asked.only_stamps) if whole else None,
        "goal": standing_of(role.shop, now) if whole else None,
        "may_aim": whole,
    }


def launch(request: HttpRequest, role: Role) -> HttpResponse:
    """The three things between a new programme and its first stamp."""
    join = settings.PUBLIC_URL + reverse("join:join", args=[role.shop.slug])
    return page(
        request,
        role,
        "owner/launch.html",
        nav="week",
        only_stamps=Programme.objects.only_stamps(),
        join_code=qr.svg(join),
        has_counter=Counter.objects.usable().exclude(paired_at=None).exists(),
        has_card=Membership.objects.current().exists(),
    )
