from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_scopes import scope

from loyalty import clock
from loyalty.models import Location, Role, StaffMember
from stampcards.counter.models import CodeMiss
from tests.factories import CounterFactory, LocationFactory, StaffMemberFactory
from tests.people import employed
from tests.support.pages import html_of, text

pytestmark = pytest.mark.django_db


def member_of_staff(shop, name):
    with scope(shop=shop):
        return StaffMember.objects.get(name=name)


def test_it_works(ingrid, at, counter):
    page = html_of(ingrid.get(at("people")))

    assert "Ingrid" in page
    assert "Ola" in page
    assert "By the door" in page
    assert "Grünerløkka" in page
    assert "On the till: Ola." in page
    assert "Not used yet." in page


def test_somebody_new_needs_a_first_name_only(ingrid, at, shop):
    answer = ingrid.post(at("add_staff"), {"name": "Åse"}, follow=True)

    assert "Åse can now be chosen at the counter." in html_of(answer)
    assert member_of_staff(shop, "Åse").active


@pytest.mark.parametrize("name", ["😀", "<script>alert(1)</script>", 'O\'Hara & "Søn"'])
def test_whatever_is_typed_is_shown_as_text(ingrid, at, shop, name):
    page = html_of(ingrid.post(at("add_staff"), {"name": name}, follow=True))

    assert member_of_staff(shop, name).active
    assert "<script>alert" not in page


def test_a_name_twice_is_refused_beside_the_field(ingrid, at, ola):
    answer = ingrid.post(at("add_staff"), {"name": "Ola"})

    assert answer.status_code == 422
    assert answer.context["staff_form"].errors == {
        "name": ["Somebody here has that name. Add a letter."]
    }
    assert 'value="Ola"' in html_of(answer)


@pytest.mark.parametrize(("name", "says"), [("", "Type a name."), ("x" * 300, "Use 40 letters")])
def test_a_name_out_of_shape_is_refused_beside_the_field(ingrid, at, shop, name, says):
    answer = ingrid.post(at("add_staff"), {"name": name})

    assert answer.status_code == 422
    assert says in html_of(answer)


def test_somebody_removed_can_be_brought_back_by_undo(ingrid, at, shop, ola):
    page = html_of(ingrid.post(at("dismiss", ola.pk), follow=True))

    assert "Ola was removed from the staff." in page
    assert f'action="{at("take_on_again", ola.pk)}"' in page
    assert not member_of_staff(shop, "Ola").active

    page = html_of(ingrid.post(at("take_on_again", ola.pk), follow=True))

    assert "Ola is back on the staff." in page
    assert member_of_staff(shop, "Ola").active


def test_nobody_comes_back_under_a_name_that_was_given_away(ingrid, at, ola):
    ingrid.post(at("dismiss", ola.pk))
    ingrid.post(at("add_staff"), {"name": "Ola"})

    answer = ingrid.post(at("take_on_again", ola.pk))

    assert answer.status_code == 422
    assert "Somebody here has that name. Add a letter." in html_of(answer)


def test_the_only_owner_cannot_remove_herself(ingrid, at, shop):
    answer = ingrid.post(at("dismiss", member_of_staff(shop, "Ingrid").pk))

    assert answer.status_code == 422
    assert "You are the only owner, so you can&#x27;t remove yourself." in html_of(answer)
    assert ingrid.get(at("people")).status_code == 200


def test_one_of_two_owners_can_leave(ingrid, at, shop):
    employed(shop, Role.Level.OWNER, "Berit", "berit@kaffe.example")

    answer = ingrid.post(at("dismiss", member_of_staff(shop, "Ingrid").pk))

    assert answer.url == reverse("owner:shops")
    assert ingrid.get(at("people")).status_code == 404


def test_a_manager_cannot_remove_an_owner(manager, ingrid_person, at, shop):
    owner = member_of_staff(shop, "Ingrid")

    assert manager.post(at("dismiss", owner.pk)).status_code == 403
    assert manager.post(at("take_on_again", owner.pk)).status_code == 403


def test_a_manager_looks_after_the_staff(manager, at, ola):
    assert manager.post(at("dismiss", ola.pk)).status_code == 302
    assert manager.post(at("add_staff"), {"name": "Åse"}).status_code == 302


def test_somebody_of_the_shop_next_door_is_not_found(ingrid, at, next_door):
    theirs = StaffMemberFactory(shop=next_door, name="Nils")

    assert ingrid.post(at("dismiss", theirs.pk)).status_code == 404
    assert member_of_staff(next_door, "Nils").active


def test_a_location_gets_the_name_customers_use(ingrid, at, counter):
    page = html_of(
        ingrid.post(at("rename_location", counter.location_id), {"name": "Torget"}, follow=True)
    )

    assert "The location is now called Torget." in page


def test_a_location_keeps_its_name_when_the_new_one_is_too_long(ingrid, at, shop, counter):
    address = at("rename_location", counter.location_id)

    answer = ingrid.post(address, {"name": "x" * 300})

    assert answer.status_code == 422
    assert "Use 80 letters at most." in html_of(answer)
    with scope(shop=shop):
        assert Location.objects.get(pk=counter.location_id).name == "Grünerløkka"


def miss(counter, times, moment):
    with scope(shop=counter.shop):
        for _ in range(times):
            CodeMiss.objects.create(shop=counter.shop, counter=counter, at=moment)


def test_ten_wrong_codes_are_told_of(ingrid, at, counter):
    moment = clock.now() - timedelta(minutes=3)
    miss(counter, 10, moment)

    page = text(ingrid.get(at("people")))

    time = moment.astimezone(counter.shop.zone).strftime("%H:%M")
    assert f"10 wrong codes were typed at By the door at {time}." in page


def test_two_tills_of_one_name_are_two(ingrid, at, counter):
    namesake = CounterFactory(shop=counter.shop, name=counter.name)
    for each in (counter, namesake):
        miss(each, 9, clock.now())

    assert "wrong codes" not in html_of(ingrid.get(at("people")))


def test_many_colleagues_cost_what_a_few_cost(manager, manager_person, at, shop):
    """A manager looks after some of them, which is decided for each."""
    manager_person.roles.get().locations.add(LocationFactory(shop=shop))

    def cost():
        with CaptureQueriesContext(connection) as captured:
            manager.get(at("people"))
        return len(captured)

    employed(shop, Role.Level.STAFF, "Nora", "nora@kaffe.example")
    few = cost()
    for n in range(5):
        employed(shop, Role.Level.STAFF, f"Nils {n}", f"nils{n}@kaffe.example")

    assert cost() == few


@pytest.mark.parametrize(("times", "minutes"), [(9, 3), (10, 16)])
def test_few_or_old_wrong_codes_are_not(ingrid, at, counter, times, minutes):
    miss(counter, times, clock.now() - timedelta(minutes=minutes))

    assert "wrong codes" not in html_of(ingrid.get(at("people")))
