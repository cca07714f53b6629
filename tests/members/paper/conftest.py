"""A blank card, and what can happen to it."""

from functools import partial

import pytest

from loyalty import keys
from loyalty.actors import Actor, Channel
from members.ledger import audit
from members.models import Membership
from members.paper.cards import member_of
from members.paper.operations import move_back, move_to_phone, stored, take_up
from tests.factories import PaperCardFactory


@pytest.fixture(autouse=True)
def books(in_shop, card):
    yield
    assert list(audit.disagreements()) == []


@pytest.fixture
def paper(in_shop, card):
    return PaperCardFactory(shop=in_shop)


@pytest.fixture
def take(paper, counter):
    return partial(take_up, paper=paper, actor=Actor.of_counter(counter))


@pytest.fixture
def elsa(paper, counter):
    """She has the paper card, and no phone."""
    return stored(member_of(paper), key=keys.new(), actor=Actor.of_counter(counter))


@pytest.fixture
def move(in_shop):
    def move(membership, *, own=None, key=None, language="nb"):
        moved = move_to_phone(
            membership=membership,
            own=own,
            language=language,
            key=key or keys.new(),
            actor=Actor(in_shop, Channel.CARD),
        )
        return Membership.objects.get(pk=moved.pk)

    return move


@pytest.fixture
def back(counter):
    return partial(move_back, actor=Actor.of_counter(counter))
