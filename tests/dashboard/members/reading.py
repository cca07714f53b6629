"""What a page of a member says, where their card stands, and a reward they choose."""

import re

from django.urls import reverse

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.models import Programme
from rewards.catalogue.operations import redeem
from rewards.models import Claim
from tests.factories import RewardFactory


def address(card):
    return reverse("owner:member", args=[card.shop.slug, card.pk])


def words_of(answer):
    text = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def standing(card):
    account = card.accounts.get()
    return account.balance, account.shortfall


def choose(card, cost):
    """Its owner chooses a reward; the claim."""
    answer = redeem(
        membership=card,
        reward=RewardFactory(programme=Programme.objects.get(kind="points"), cost=cost),
        key=keys.new(),
        actor=Actor(card.shop, Channel.CARD),
    )
    return Claim.objects.get(pk=answer["claim"])
