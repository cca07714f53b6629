"""What birthdays answer when the house asks."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from loyalty.models import Shop
from members.ledger.models import Operation
from members.models import Membership
from members.templatetags.days import day as in_words
from rewards.birthday import operations
from rewards.birthday.models import BirthdayGift, BirthdayTreat
from rewards.models import Claim


def asks_birthday(shop: Shop) -> bool:
    return BirthdayTreat.objects.filter(shop=shop, off_since=None).exists()


def benefit(shop: Shop, now: datetime) -> tuple["QuerySet[BirthdayTreat]", str]:
    treats = BirthdayTreat.objects.filter(shop=shop, off_since=None)
    return treats, _("A treat on your birthday, if you tell us the day.")


def keeps(shop: Shop) -> Iterator[str]:
    if asks_birthday(shop):
        yield _("Your birthday, day and month, only if you type it: for your treat.")


def personal_data(membership: Membership) -> dict[str, Any] | None:
    given = BirthdayGift.objects.of(membership).select_related("claim").order_by("-year")
    told = [{_("Year"): str(gift.year), _("Treat"): gift.claim.title} for gift in given]
    return {_("Birthday treats"): told} if told else None


def good_to_know(membership: Membership, today: date) -> Iterator[str]:
    """Birthday treat: A bun, 12 May. Whoever told no birthday is not reminded of it."""
    if coming := operations.next_treat(membership, today):
        treat, birthday = coming
        told = {"treat": treat.title, "day": in_words(birthday)}
        yield _("Birthday treat: %(treat)s, %(day)s") % told


def tags(membership: Membership, today: date) -> Iterator[str]:
    if operations.is_near(membership, today):
        yield _("Birthday")


def undone(op: Operation, undone: Operation) -> bool:
    return operations.took_back(undone)


def merged(op: Operation, gone: Membership, kept: Membership) -> dict[str, list[int]]:
    return {"birthday": operations.count_once(gone, kept)}


def unmerged(op: Operation, undone: Operation, gone: Membership, kept: Membership) -> None:
    answer = undone.answer or {}
    operations.count_twice(answer["moved"].get("birthday", []))  # older merges don't know it


def tick(now: datetime) -> None:
    operations.give_treats(now)


def audit() -> Iterator[str]:
    """A treat stands for one claim, made for a birthday of the same shop."""
    strange = ~Q(claim__source=Claim.Source.BIRTHDAY) | ~Q(claim__shop=F("shop"))
    for gift in BirthdayGift.objects.filter(strange):
        yield f"birthday gift {gift.pk} stands for claim {gift.claim_id}"
