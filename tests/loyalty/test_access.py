"""Who may? Strangers meet a 404, smaller roles a 403, and nobody sees two shops at once."""

from contextlib import ExitStack

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone, translation
from django_scopes import ScopeError

from loyalty import access
from loyalty.access import NoCounter
from loyalty.models import Counter, Location, Role
from loyalty.operations import dismiss, revoke
from members.models import Membership
from tests.factories import CounterFactory, PersonFactory, as_owner

pytestmark = pytest.mark.django_db

LEVELS = Role.Level


@pytest.fixture
def ask():
    """A request of somebody, with the scopes of a request."""
    with ExitStack() as scopes, translation.override("en-gb"):

        def ask(person=None, *, device=None, language=""):
            request = RequestFactory(headers={"accept-language": language}).get("/")
            request.user, request.shop_scope = person, scopes
            if device:
                request.COOKIES[access.COUNTER_COOKIE] = device
            return request

        yield ask


# --- Shops and roles -----------------------------------------------------------------------------


def test_it_works(ask, shop, ingrid_person):
    assert access.shop_for(ask(ingrid_person), shop.slug, level=LEVELS.OWNER) == shop


def test_the_stranger_next_door_meets_a_404(ask, shop, ingrid_person, next_door_person):
    with pytest.raises(Http404):
        access.shop_for(ask(next_door_person), shop.slug)


def test_a_customer_meets_a_404(ask, shop, ingrid_person):
    with pytest.raises(Http404):
        access.shop_for(ask(PersonFactory()), shop.slug)


def test_a_shop_that_is_not_there_is_a_404(ask, ingrid_person):
    with pytest.raises(Http404):
        access.shop_for(ask(ingrid_person), "nowhere")


@pytest.mark.parametrize(
    ("who", "level"),
    [
        ("staff_person", LEVELS.MANAGER),
        ("staff_person", LEVELS.OWNER),
        ("manager_person", LEVELS.OWNER),
    ],
)
def test_smaller_roles_meet_a_403(request, ask, shop, who, level):
    wish = ask(request.getfixturevalue(who))

    with pytest.raises(PermissionDenied):
        access.shop_for(wish, shop.slug, level=level)


@pytest.mark.parametrize(
    ("who", "level"),
    [
        ("staff_person", LEVELS.STAFF),
        ("manager_person", LEVELS.MANAGER),
        ("ingrid_person", LEVELS.STAFF),
    ],
)
def test_a_role_covers_the_smaller_ones(request, ask, shop, who, level):
    assert access.shop_for(ask(request.getfixturevalue(who)), shop.slug, level=level) == shop


def test_who_was_dismissed_meets_a_404(ask, in_shop, staff_person):
    staff = staff_person.roles.get().staff
    dismiss(staff, actor=as_owner(staff.shop))

    with pytest.raises(Http404):
        access.shop_for(ask(staff_person), in_shop.slug)


def test_a_shop_still_being_set_up_is_not_public(ask, shop):
    access.public_shop(ask(), shop.slug)
    shop.live_since = None
    shop.save()

    with pytest.raises(Http404):
        access.public_shop(ask(), shop.slug)


# --- One shop at a time --------------------------------------------------------------------------


def test_before_a_shop_is_entered_a_query_raises(member):
    with pytest.raises(ScopeError):
        Membership.objects.count()


def test_within_a_shop_the_other_one_is_not_there(ask, shop, member, next_door_member):
    access.public_shop(ask(), shop.slug)

    assert list(Membership.objects.all()) == [member]


def test_of_shop_finds_its_own(ask, shop, member):
    access.public_shop(ask(), shop.slug)

    assert access.of_shop(shop, Membership.objects.all(), pk=member.pk) == member


def test_of_shop_does_not_find_the_neighbours(ask, shop, member, next_door_member):
    access.public_shop(ask(), shop.slug)

    with pytest.raises(Http404):
        access.of_shop(shop, Membership.objects.all(), pk=next_door_member.pk)


def test_of_shop_does_not_rely_on_the_scope_alone(shop, next_door_counter):
    """Places and roles have no scoped manager; the shop is asked for all the same."""
    place = Location.objects.get(counters=next_door_counter)

    with pytest.raises(Http404):
        access.of_shop(shop, Location.objects.all(), pk=place.pk)


@pytest.mark.parametrize("pk", ["abc", "1 OR 1=1", "", 10**30])
def test_an_id_that_is_no_number_is_a_404(shop, pk):
    with pytest.raises(Http404):
        access.of_shop(shop, Location.objects.all(), pk=pk)


# --- Counters ------------------------------------------------------------------------------------


def test_a_paired_counter_is_known_with_its_shop_and_place(ask, counter, ola):
    found = access.counter_of(ask(device=counter.device))

    assert (found, found.staff) == (counter, ola)
    assert Counter.objects.count() == 1  # the shop has been entered


@pytest.mark.parametrize("device", [None, "", "wrong", "x" * 5000])
def test_any_other_browser_is_no_counter(ask, counter, device):
    with pytest.raises(NoCounter):
        access.counter_of(ask(device=device))


def test_the_stored_hash_is_no_key(ask, counter, in_shop):
    stored = Counter.objects.get().device_hash

    with pytest.raises(NoCounter):
        access.counter_of(ask(device=stored))


def test_a_revoked_counter_is_out_at_its_next_request(ask, counter, in_shop):
    revoke(counter, actor=as_owner(counter.shop))

    with pytest.raises(NoCounter):
        access.counter_of(ask(device=counter.device))


def test_whoever_was_dismissed_is_no_longer_on_the_till(ask, counter, ola, in_shop):
    dismiss(ola, actor=as_owner(ola.shop))

    assert access.counter_of(ask(device=counter.device)).staff is None


def test_a_counter_costs_one_statement(ask, shop, django_assert_num_queries):
    counter = CounterFactory(shop=shop)

    with django_assert_num_queries(1):
        found = access.counter_of(ask(device=counter.device))
        assert (found.shop, found.location.name) == (shop, counter.location.name)


# --- Time and language ---------------------------------------------------------------------------


@pytest.mark.parametrize("wished", ["", "fi", "fi, sv;q=0.8"])
def test_a_page_is_in_the_shops_language_if_the_reader_named_none_of_ours(ask, shop, wished):
    access.public_shop(ask(language=wished), shop.slug)

    assert translation.get_language() == "nb"


@pytest.mark.parametrize("wished", ["en", "en-US,en;q=0.5", "fi, da;q=0.5"])
def test_a_language_the_reader_named_stays(ask, shop, wished):
    access.public_shop(ask(language=wished), shop.slug)

    assert translation.get_language() == "en-gb"  # as the language middleware had left it


def test_a_page_is_in_the_shops_time(ask, shop):
    access.public_shop(ask(), shop.slug)

    assert timezone.get_current_timezone_name() == "Europe/Oslo"
