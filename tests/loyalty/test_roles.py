"""Who may give which role to whom; a shop never without an owner."""

import pytest

from loyalty import roles
from loyalty.actors import Actor, Channel
from loyalty.journal.models import Change
from loyalty.models import Role, StaffMember
from loyalty.operations import NameTaken, dismiss
from tests.factories import LocationFactory
from tests.people import employed

pytestmark = pytest.mark.django_db
STAFF, MANAGER, OWNER = Role.Level.STAFF, Role.Level.MANAGER, Role.Level.OWNER


def role_of(person):
    return Role.objects.select_related("shop", "staff").get(person=person)


@pytest.fixture
def ingrids(in_shop, ingrid_person):
    return role_of(ingrid_person)


@pytest.fixture
def monas(in_shop, manager_person):
    return role_of(manager_person)


@pytest.fixture
def saras(in_shop, staff_person):
    return role_of(staff_person)


@pytest.fixture
def places(in_shop):
    return LocationFactory.create_batch(3, shop=in_shop)


def by(role):
    return {"giver": role, "actor": Actor(role.shop, Channel.OWNER, person=role.person)}


def change(role, giver, level, locations=()):
    roles.change_role(role, level=level, locations=list(locations), **by(giver))
    role.refresh_from_db()


def test_it_works(ingrids, saras, places):
    change(saras, ingrids, MANAGER, places[:2])

    assert saras.level == MANAGER
    assert list(saras.places()) == places[:2]
    log = Change.objects.get(what="role_changed")
    assert (log.before["level"], log.after["level"]) == (STAFF, MANAGER)
    assert log.after["staff"] == saras.staff.pk


def test_without_places_it_holds_everywhere(ingrids, saras, places):
    change(saras, ingrids, STAFF, places[:1])
    change(saras, ingrids, STAFF)

    assert list(saras.places()) == places


def test_an_owners_role_holds_everywhere(ingrids, saras, places):
    change(saras, ingrids, OWNER, places[:1])

    assert list(saras.places()) == places
    assert not saras.locations.exists()


@pytest.mark.parametrize("level", [MANAGER, OWNER])
def test_a_manager_raises_nobody(monas, saras, level):
    with pytest.raises(roles.MoreThanYours):
        change(saras, monas, level)


def test_a_manager_changes_no_manager(monas, in_shop):
    other = role_of(employed(in_shop, MANAGER, "Per", "per@kaffe.example"))

    with pytest.raises(roles.MoreThanYours):
        change(other, monas, STAFF)


def test_a_manager_gives_their_own_places(monas, saras, places):
    monas.locations.set(places[:2])
    saras.locations.set(places[:1])

    change(saras, monas, STAFF, places[1:2])
    assert list(saras.places()) == places[1:2]
    with pytest.raises(roles.MoreThanYours):
        change(saras, monas, STAFF, places[2:])
    with pytest.raises(roles.ChooseAPlace):
        change(saras, monas, STAFF)


def test_the_place_of_another_shop_is_nobodys_to_give(ingrids, saras, next_door):
    with pytest.raises(roles.MoreThanYours):
        change(saras, ingrids, STAFF, [LocationFactory(shop=next_door)])


def test_who_works_elsewhere_too_is_not_theirs_to_change(monas, saras, places):
    monas.locations.set(places[:2])

    assert not roles.may_look_after(monas, saras)  # everywhere
    saras.locations.set(places[1:])
    assert not roles.may_look_after(monas, saras)
    assert roles.may_see(monas, saras)
    saras.locations.set(places[2:])
    assert not roles.may_see(monas, saras)


def test_staff_look_after_nobody(saras):
    assert not roles.may_look_after(saras, None)
    assert roles.levels_of(saras) == []


def test_the_only_owner_stays_one(ingrids):
    with pytest.raises(roles.NeedsAnOwner, match="Make somebody else an owner first"):
        change(ingrids, ingrids, MANAGER)


def test_one_of_two_steps_down(ingrids, saras):
    change(saras, ingrids, OWNER)
    change(ingrids, ingrids, MANAGER)

    assert ingrids.level == MANAGER


def test_an_owner_who_left_does_not_count(ingrids, saras, owner):
    change(saras, ingrids, OWNER)
    dismiss(saras.staff, actor=owner)

    with pytest.raises(roles.NeedsAnOwner):
        change(ingrids, ingrids, MANAGER)


def test_the_shop_goes_into_other_hands(ingrids, monas, places):
    monas.locations.set(places[:1])
    roles.hand_over_shop(monas, **by(ingrids))

    for role in (ingrids, monas):
        role.refresh_from_db()
    assert (monas.level, ingrids.level) == (OWNER, MANAGER)
    assert list(monas.places()) == places
    assert Change.objects.get(what="shop_handed_over").after == {"staff": monas.staff.pk}


def test_only_an_owner_hands_it_over(monas, saras):
    with pytest.raises(roles.MoreThanYours):
        roles.hand_over_shop(saras, **by(monas))


def test_not_to_oneself_and_not_to_who_left(ingrids, monas, owner):
    with pytest.raises(roles.MoreThanYours):
        roles.hand_over_shop(ingrids, **by(ingrids))
    dismiss(monas.staff, actor=owner)
    monas.refresh_from_db()
    with pytest.raises(roles.MoreThanYours):
        roles.hand_over_shop(monas, **by(ingrids))


def test_who_left_since_the_page_was_made_is_given_nothing(ingrids, monas, saras, owner):
    """The objects in hand still say that they work here."""
    for role in (monas, saras):
        dismiss(StaffMember.objects.get(role=role), actor=owner)

    with pytest.raises(roles.MoreThanYours):
        roles.hand_over_shop(monas, **by(ingrids))
    with pytest.raises(roles.MoreThanYours):
        roles.change_role(saras, level=OWNER, locations=[], **by(ingrids))


def test_who_rose_since_the_page_was_made_is_not_theirs_to_change(ingrids, monas, saras):
    change(role_of(saras.person), ingrids, MANAGER)

    with pytest.raises(roles.MoreThanYours):
        roles.change_role(saras, level=STAFF, locations=[], **by(monas))


def test_who_gave_it_away_since_gives_nothing(ingrids, monas, saras):
    roles.hand_over_shop(role_of(monas.person), **by(role_of(ingrids.person)))

    with pytest.raises(roles.MoreThanYours):
        roles.change_role(saras, level=OWNER, locations=[], **by(ingrids))


def test_what_stays_as_it_was_is_no_line(ingrids, saras, ola, owner):
    change(saras, ingrids, STAFF)
    roles.rename(ola, name="Ola", actor=owner)

    assert not Change.objects.exists()


def test_who_is_no_owner_any_more_hands_nothing_over(ingrids, monas, saras):
    """Two windows: in one of them the shop was handed over already."""
    roles.hand_over_shop(monas, **by(ingrids))
    with pytest.raises(roles.MoreThanYours):
        roles.hand_over_shop(saras, **by(ingrids))


def test_a_name_can_be_changed_but_not_into_a_colleagues(ola, owner, saras):
    roles.rename(ola, name="Olav", actor=owner)

    assert StaffMember.objects.get(pk=ola.pk).name == "Olav"
    with pytest.raises(NameTaken):
        roles.rename(ola, name="Sara", actor=owner)
