"""One colleague's page: name, role, places, gone, back, and the shop in other hands."""

import pytest
from django_scopes import scope

from loyalty.models import Role, StaffMember
from tests.factories import LocationFactory, StaffMemberFactory
from tests.people import employed
from tests.support.pages import html_of, text_of

pytestmark = pytest.mark.django_db
STAFF, MANAGER, OWNER = Role.Level.STAFF, Role.Level.MANAGER, Role.Level.OWNER


def colleague(person):
    role = Role.objects.get(person=person)
    with scope(shop=role.shop):
        return StaffMember.objects.get(role=role)


def level(person):
    return Role.objects.get(person=person).level


@pytest.fixture
def sara(staff_person):
    return colleague(staff_person)


@pytest.fixture
def mona(manager_person):
    return colleague(manager_person)


def test_it_works(ingrid, at, sara, staff_person):
    page = text_of(ingrid.get(at("colleague", sara.pk)))
    assert "Signs in as sara@kaffe.example." in page

    answer = ingrid.post(at("change_role", sara.pk), {"level": int(MANAGER)}, follow=True)

    assert "The role was saved." in html_of(answer)
    assert level(staff_person) == MANAGER


def test_who_is_only_at_the_counter_has_no_role_to_change(ingrid, at, ola):
    page = html_of(ingrid.get(at("colleague", ola.pk)))

    assert "Only at the counter." in page
    assert at("give_sign_in", ola.pk) in page
    assert ingrid.post(at("change_role", ola.pk), {"level": 2}).status_code == 403


def test_the_only_owner_cannot_step_down(ingrid, at, ingrid_person):
    answer = ingrid.post(at("change_role", colleague(ingrid_person).pk), {"level": int(MANAGER)})

    assert answer.status_code == 422
    assert "You are the only owner. Make somebody else an owner first." in html_of(answer)
    assert level(ingrid_person) == OWNER


def test_what_a_manager_may_not_give_is_not_offered_and_not_taken(manager, at, sara, staff_person):
    page = html_of(manager.get(at("colleague", sara.pk)))
    assert "Owner: may do everything" not in page

    answer = manager.post(at("change_role", sara.pk), {"level": int(OWNER)})

    assert answer.status_code == 422
    assert level(staff_person) == STAFF


def test_a_manager_opens_no_page_of_an_owner(manager, at, ingrid_person):
    owner = colleague(ingrid_person)

    assert manager.get(at("colleague", owner.pk)).status_code == 403
    assert manager.post(at("change_role", owner.pk), {"level": 1}).status_code == 403
    assert manager.post(at("rename_colleague", owner.pk), {"name": "X"}).status_code == 403


def test_a_manager_opens_their_own_but_keeps_their_role(manager, at, mona):
    page = html_of(manager.get(at("colleague", mona.pk)))

    assert at("change_role", mona.pk) not in page
    assert "Leave the shop" in page
    assert manager.post(at("change_role", mona.pk), {"level": 3}).status_code == 403


def test_the_shop_is_handed_over(ingrid, at, mona, manager_person, ingrid_person):
    assert "Hand the shop over" in html_of(ingrid.get(at("colleague", mona.pk)))

    answer = ingrid.post(at("hand_over", mona.pk), {"sure": "on"}, follow=True)

    assert "Mona owns the shop now." in html_of(answer)
    assert (level(manager_person), level(ingrid_person)) == (OWNER, MANAGER)


def test_not_without_a_tick(ingrid, at, mona, ingrid_person):
    answer = ingrid.post(at("hand_over", mona.pk))

    assert answer.status_code == 422
    assert "Tick this first." in html_of(answer)
    assert level(ingrid_person) == OWNER


def test_a_manager_hands_nothing_over(manager, at, sara):
    assert manager.post(at("hand_over", sara.pk), {"sure": "on"}).status_code == 403
    assert "Hand the shop over" not in html_of(manager.get(at("colleague", sara.pk)))


def test_not_to_somebody_without_a_sign_in(ingrid, at, ola):
    assert ingrid.post(at("hand_over", ola.pk), {"sure": "on"}).status_code == 404


def test_a_name_is_put_right(ingrid, at, ola):
    answer = ingrid.post(at("rename_colleague", ola.pk), {"name": "Olav"}, follow=True)

    assert "The name was saved." in html_of(answer)
    assert "<h1>Olav</h1>" in html_of(answer)


def test_a_colleagues_name_is_refused_beside_the_field(ingrid, at, ola, sara):
    answer = ingrid.post(at("rename_colleague", ola.pk), {"name": "Sara"})

    assert answer.status_code == 422
    assert "Somebody here has that name. Add a letter." in html_of(answer)
    assert "<h1>Ola</h1>" in html_of(answer)


def test_who_was_removed_can_be_brought_back_from_their_page(ingrid, at, ola):
    ingrid.post(at("dismiss", ola.pk))

    page = html_of(ingrid.get(at("colleague", ola.pk)))
    assert "Removed from the staff." in page
    assert at("take_on_again", ola.pk) in page


def test_whoever_is_removed_is_out_at_the_next_request(ingrid, staff_client, at, sara):
    """Their browser is still open."""
    assert staff_client.get(at("week")).status_code == 200

    ingrid.post(at("dismiss", sara.pk))

    assert staff_client.get(at("week")).status_code == 404
    assert staff_client.post(at("make_cards")).status_code == 404


def test_whoever_is_less_now_may_less_at_the_next_request(ingrid, manager, at, mona):
    assert manager.get(at("people")).status_code == 200

    ingrid.post(at("change_role", mona.pk), {"level": int(STAFF)})

    assert manager.get(at("people")).status_code == 403
    assert "Ask Ingrid." in html_of(manager.get(at("people")))


# --- Places ---------------------------------------------------------------------------------


@pytest.fixture
def places(shop):
    return [LocationFactory(shop=shop, name=name) for name in ("Torget", "Storgata")]


@pytest.fixture
def monas(manager_person, places):
    """Mona looks after Torget."""
    role = Role.objects.get(person=manager_person)
    role.locations.set(places[:1])
    return role


def test_places_are_given_by_ticks(ingrid, at, sara, places, staff_person):
    typed = {"level": int(STAFF), "locations": [places[1].pk]}
    ingrid.post(at("change_role", sara.pk), typed)

    assert list(Role.objects.get(person=staff_person).places()) == places[1:]
    assert "Storgata" in text_of(ingrid.get(at("people")))


def test_the_place_of_the_shop_next_door_is_none_of_ours(ingrid, at, sara, places, next_door):
    theirs = LocationFactory(shop=next_door)

    answer = ingrid.post(at("change_role", sara.pk), {"level": 1, "locations": [theirs.pk]})

    assert answer.status_code == 422


@pytest.mark.usefixtures("monas", "ola")
def test_a_manager_of_a_place_sees_who_is_there(manager, at, shop, places):
    for name, place in (("Tor", places[0]), ("Stine", places[1])):
        person = employed(shop, STAFF, name, f"{name}@kaffe.example".lower())
        Role.objects.get(person=person).locations.set([place])
        if name == "Stine":
            stine = colleague(person)

    page = text_of(manager.get(at("people")))

    assert "Tor" in page
    assert "Ola" in page  # stands at every counter
    assert "Stine" not in page
    assert manager.get(at("colleague", stine.pk)).status_code == 404
    assert manager.post(at("dismiss", stine.pk)).status_code == 404


def test_and_does_not_touch_who_works_everywhere(manager, at, monas, sara):
    page = html_of(manager.get(at("people")))

    assert "Sara" in page
    assert "sara@kaffe.example" not in page
    assert manager.get(at("colleague", sara.pk)).status_code == 403


def test_and_sees_the_counters_of_that_place(manager, at, monas, counter, places):
    assert counter.name not in html_of(manager.get(at("people")))  # it stands in Grünerløkka
    for name in ("revoke", "bring_back"):
        assert manager.post(at(name, counter.pk)).status_code == 404
    typed = {"name": "Tablet", "location": counter.location_id}
    assert manager.post(at("add_counter"), typed).status_code == 422
    assert (
        manager.post(at("rename_location", counter.location_id), {"name": "X"}).status_code == 404
    )

    monas.locations.add(counter.location)

    assert counter.name in html_of(manager.get(at("people")))
    assert manager.post(at("revoke", counter.pk)).status_code == 302


@pytest.mark.usefixtures("monas", "counter")
def test_and_opens_a_counter_there(manager, at, places, shop):
    manager.post(at("open_counter"))

    with scope(shop=shop):
        assert shop.counters.get(name="Opened by Mona").location == places[0]


def test_a_stranger_finds_nobody(stranger, ingrid, at, sara, next_door):
    theirs = StaffMemberFactory(shop=next_door, name="Nils")

    for name in ("colleague", "change_role", "hand_over", "rename_colleague", "give_sign_in"):
        assert stranger.post(at(name, sara.pk)).status_code in (404, 405)
        assert ingrid.post(at(name, theirs.pk)).status_code in (404, 405)
        assert stranger.get(at("colleague", sara.pk)).status_code == 404
