"""A prepared query finds what its queryset finds, and makes its SQL once."""

from datetime import timedelta

import pytest
from django.db.models import DateTimeField, Exists, F, OuterRef
from django_scopes import scope, scopes_disabled
from django_scopes.exceptions import ScopeError

from loyalty import clock
from loyalty.models import Counter, Shop
from loyalty.prepared import Given, Prepared
from members.models import Membership
from tests.factories import CounterFactory, MembershipFactory, ShopFactory

pytestmark = pytest.mark.django_db


def of_shops(**options):
    made = []

    def build():
        made.append(1)
        return Shop.objects.filter(slug=Given("slug"))

    return Prepared(build, everywhere=True, **options), made


def test_it_works():
    shop = ShopFactory()
    ShopFactory()
    shops, _made = of_shops()

    assert shops.first(slug=shop.slug) == shop
    assert shops.all(slug="nobody's") == []
    assert shops.first(slug="nobody's") is None


def test_every_column_comes_back_as_a_queryset_gives_it():
    counter = CounterFactory()
    counters = Prepared(
        lambda: Counter.objects.select_related("shop", "location", "staff").filter(pk=Given("pk")),
        everywhere=True,
    )
    with scopes_disabled():
        usual = Counter.objects.select_related("shop", "location", "staff").get(pk=counter.pk)

    found = counters.first(pk=counter.pk)

    for name in ("shop", "location"):
        assert vars_of(getattr(found, name)) == vars_of(getattr(usual, name))
    assert vars_of(found) == vars_of(usual)


def vars_of(thing):
    return {name: value for name, value in vars(thing).items() if name != "_state"}


def test_what_is_read_along_costs_no_further_query(django_assert_num_queries):
    counter = CounterFactory()
    counters = Prepared(
        lambda: Counter.objects.select_related("shop").filter(pk=Given("pk")), everywhere=True
    )

    with django_assert_num_queries(1):
        assert counters.first(pk=counter.pk).shop.name == counter.shop.name


def test_its_sql_is_made_once():
    shops, made = of_shops()

    for _ in range(3):
        shops.first(slug="a")

    assert made == [1]


def test_it_belongs_to_the_shop_whose_scope_is_open():
    member, stranger = MembershipFactory(), MembershipFactory()
    cards = Prepared(lambda: Membership.objects.filter(pk=Given("pk")))

    for asked, found in ((member, member), (stranger, None)):
        with scope(shop=member.shop):
            assert cards.first(pk=asked.pk) == found
    with scope(shop=stranger.shop):
        assert cards.first(pk=stranger.pk) == stranger


def test_so_does_what_it_looks_into():
    """A sub-query is of that shop, too."""
    member, stranger = MembershipFactory(), MembershipFactory()
    others = Membership.objects.filter
    looks = Prepared(
        lambda: Shop.objects.filter(pk=Given("pk")).annotate(
            mine=Exists(Membership.objects.filter(pk=Given("card")))
        )
    )

    with scope(shop=member.shop):
        assert looks.first(pk=member.shop_id, card=member.pk).mine
        assert not looks.first(pk=member.shop_id, card=stranger.pk).mine
        assert not others(pk=stranger.pk).exists()


def test_without_a_shop_it_is_not_asked():
    cards = Prepared(lambda: Membership.objects.filter(pk=Given("pk")))

    with scope(shop=None):
        with pytest.raises(ScopeError):
            cards.all(pk=1)
        with scopes_disabled(), pytest.raises(ScopeError):
            cards.all(pk=1)


def test_only_annotations_are_values():
    shop = ShopFactory()
    shops = Prepared(
        lambda: Shop.objects.filter(pk=Given("pk")).values(called=F("name")), everywhere=True
    )

    assert shops.values(pk=shop.pk) == [{"called": shop.name}]


def test_a_moment_is_given_as_the_database_takes_it():
    shop = ShopFactory()
    joined = Prepared(
        lambda: Shop.objects.filter(pk=Given("pk"), live_since__lt=Given("at", DateTimeField())),
        everywhere=True,
    )

    assert joined.first(pk=shop.pk, at=shop.live_since + timedelta(seconds=1)) == shop
    assert joined.first(pk=shop.pk, at=shop.live_since - timedelta(seconds=1)) is None


def test_a_moment_that_stands_in_the_query_is_refused():
    """It would be the moment of the first question for ever."""
    shops = Prepared(lambda: Shop.objects.filter(live_since__lt=clock.now()), everywhere=True)

    with pytest.raises(ValueError, match="moment"):
        shops.all()


def test_what_was_not_given_is_an_error():
    shops, _made = of_shops()

    with pytest.raises(KeyError, match="slug"):
        shops.all()


def test_an_outer_row_can_be_looked_into():
    member = MembershipFactory()
    shops = Prepared(
        lambda: Shop.objects.filter(pk=Given("pk")).annotate(
            known=Exists(Membership.objects.filter(shop=OuterRef("pk"), name=Given("name")))
        ),
        everywhere=True,
    )

    assert shops.first(pk=member.shop_id, name=member.name).known
    assert not shops.first(pk=member.shop_id, name="Nobody").known
