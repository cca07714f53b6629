"""The page of a member, where their card stands, and a reward they choose."""

from django.urls import reverse

from members.models import Programme
from tests.factories import RewardFactory, choose


def address(card):
    return reverse("owner:member", args=[card.shop.slug, card.pk])


def standing(card):
    account = card.accounts.get()
    return account.balance, account.shortfall


def choose_for(card, cost):
    """Its owner chooses a reward; the claim."""
    points = Programme.objects.get(kind="points")
    return choose(card, RewardFactory(programme=points, cost=cost))
