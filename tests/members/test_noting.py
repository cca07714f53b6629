"""A note about a member goes where the member is."""

import pytest

from loyalty import keys
from loyalty.journal.models import Change
from members.ledger.models import Operation
from members.merging import merge, undo_merge
from members.models import Membership
from members.noting import note
from members.privacy.operations import leave
from tests.factories import MembershipFactory, as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(shop):
    return as_owner(shop)


@pytest.fixture
def two(in_shop, card):
    return MembershipFactory.create_batch(2, shop=in_shop)


def noted():
    return list(Membership.objects.order_by("pk").values_list("note", flat=True))


def test_it_works(two, owner):
    note(membership=two[0], text="Oat milk", actor=owner)

    assert noted() == ["Oat milk", ""]
    assert Change.objects.get().after == {"member": two[0].pk}


def test_a_card_that_became_another_meanwhile(two, owner):
    opened = Membership.objects.get(pk=two[0].pk)
    merge(kept=two[1], gone=two[0], key=keys.new(), actor=owner)

    note(membership=opened, text="Oat milk", actor=owner)

    assert noted() == ["", "Oat milk"]


def test_a_card_that_was_deleted_meanwhile_gets_none(two, owner):
    opened = Membership.objects.get(pk=two[0].pk)
    leave(two[0])

    note(membership=opened, text="Oat milk", actor=owner)

    assert noted() == ["", ""]
    assert not Change.objects.exists()


def test_it_goes_along_with_a_merge_and_comes_back_with_its_undo(two, owner):
    note(membership=two[0], text="Allergic to nuts", actor=owner)
    key = keys.new()

    merge(kept=two[1], gone=two[0], key=key, actor=owner)
    assert noted() == ["Allergic to nuts", "Allergic to nuts"]

    undo_merge(undone=Operation.objects.get(key=key), key=keys.new(), actor=owner)
    assert noted() == ["Allergic to nuts", ""]


def test_a_note_of_its_own_stays(two, owner):
    note(membership=two[0], text="Allergic to nuts", actor=owner)
    note(membership=two[1], text="Oat milk", actor=owner)

    merge(kept=two[1], gone=two[0], key=keys.new(), actor=owner)

    assert noted() == ["Allergic to nuts", "Oat milk"]
