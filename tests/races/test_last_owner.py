"""Two owners remove each other at the same moment: one of them stays (ORG-07)."""

import pytest
from django.db.models import QuerySet
from django_scopes import scope

from loyalty import roles
from loyalty.models import Role, StaffMember
from loyalty.operations import dismiss
from loyalty.refusals import Refused
from tests.factories import as_owner
from tests.people import employed
from tests.support.together import together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owners(in_shop):
    pair = [employed(in_shop, Role.Level.OWNER, name, None) for name in ("Ingrid", "Berit")]
    return list(StaffMember.objects.filter(role__person__in=pair).select_related("role__shop"))


def removing(staff):
    def removed():
        with scope(shop=staff.shop):
            try:
                dismiss(staff, actor=as_owner(staff.shop))
            except Refused as refusal:
                return refusal.code
        return "gone"

    return removed


def left(shop):
    return Role.objects.active().filter(shop=shop, level=Role.Level.OWNER).count()


def test_one_of_them_stays(owners, in_shop):
    outcomes = together([removing(owner) for owner in owners])

    assert sorted(outcomes) == ["gone", "last_owner"]
    assert left(in_shop) == 1


def test_whoever_is_given_the_shop_does_not_leave_it_at_that_moment(owners, in_shop):
    """One owner: she gives the shop to Berit, who is about to go."""
    giver, heir = owners
    Role.objects.filter(pk=heir.role_id).update(level=Role.Level.MANAGER)
    heir.role.refresh_from_db()

    def handing_over():
        with scope(shop=in_shop):
            try:
                roles.hand_over_shop(heir.role, giver=giver.role, actor=as_owner(in_shop))
            except Refused as refusal:
                return refusal.code
        return "handed over"

    leaving = StaffMember.objects.select_related("role__shop").get(pk=heir.pk)
    outcomes = together([handing_over, removing(leaving)])

    assert outcomes in (["handed over", "last_owner"], ["more_than_yours", "gone"])
    assert left(in_shop) == 1


@pytest.mark.postgres_only
def test_without_the_lock_nobody_might(owners, in_shop, meet, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **options: rows)
    meet(roles, "owners_of", after=True)
    together([removing(owner) for owner in owners])

    assert left(in_shop) == 0
