"""Every page as a browser shows it: nothing for axe to find, and no sideways scroll on the
narrowest phone, in three languages, in light and dark."""

from datetime import timedelta

import pytest
from django_scopes import scope

from loyalty import clock, keys
from loyalty.access import COUNTER_COOKIE
from loyalty.actors import Actor, Channel
from loyalty.models import Role
from loyalty.operations import offer_pairing, open_shop
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.owning import keep_treat
from rewards.catalogue.operations import redeem, redeem_now
from rewards.models import Claim
from rewards.points.rules import Action, Expiry
from rewards.vip import operations as vip
from stampcards import trades
from stampcards.owning import start_card
from tests.factories import (
    DropFactory,
    LocationFactory,
    MembershipFactory,
    OpeningFactory,
    PaperCardFactory,
    PersonFactory,
    PictureFactory,
    PointsFactory,
    RewardFactory,
    VipFactory,
    as_owner,
    earn,
    stamp,
)
from tests.people import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def points(shop):
    """A scheme with every way to earn, and a birthday treat beside it."""
    with scope(shop=shop):
        keep_treat(BirthdayTreat(shop=shop, title="A bun"), actor=as_owner(shop))
    return PointsFactory(
        shop=shop,
        rules__per_item=2,
        rules__item="cups",
        rules__per_attendance=4,
        rules__actions=(Action("Own cup", 5), Action("Bring a friend", 10)),
        rules__expiry=Expiry.EARNED,
    )


def test_what_a_visitor_sees(browse, visitor, card):
    shop = card.shop.slug
    with scope(shop=card.shop):
        pairing = offer_pairing(
            location=LocationFactory(shop=card.shop), name="Bar", actor=as_owner(card.shop)
        )

    assert not browse(
        visitor,
        *("/", "/privacy/", "/help/", "/accessibility/", "/start/", "/accounts/login/"),
        *(f"/j/{shop}/", f"/j/{shop}/rules/", f"/j/{shop}/privacy/", f"/j/{shop}/have-card/"),
        *("/m/", "/s/0123456789"),
        f"/c/pair/{pairing.once}/",
        f"/s/{PaperCardFactory(shop=card.shop).counter_code}",
    )


def test_what_a_customer_sees(browse, visitor, card):
    maja = MembershipFactory(shop=card.shop, name="Maja", stamps=14)
    with scope(shop=card.shop):
        claim = Claim.objects.get()
    private = f"/m/{maja.private}/"

    assert not browse(
        visitor,
        *(private, f"{private}code/", f"{private}history/", f"{private}settings/"),
        *(f"{private}reward/{claim.pk}/", f"{private}reward/{claim.pk}/use/"),
        *(f"{private}print/", f"{private}data/", f"{private}delete/"),
    )


def test_what_a_customer_with_points_sees(browse, card, points, counter):
    shop, person = card.shop, PersonFactory(email="maja@example.no")
    maja = MembershipFactory(shop=shop, name="Maja", person=person)
    for months in range(5):
        with clock.at(clock.now() - timedelta(days=31 * months)):
            earn(maja, 50_000, counter=counter)
    lunch = {"membership": maja, "reward": RewardFactory(programme=points)}
    ready = redeem(**lunch, key=keys.new(), actor=Actor(shop, Channel.CARD))["claim"]
    used = redeem_now(**lunch, key=keys.new(), actor=Actor.of_counter(counter))["claim"]
    private = f"/m/{maja.private}/"

    assert not browse(
        browser_of(person),
        *(private, f"{private}expiring/", f"{private}history/", f"{private}settings/"),
        *(f"{private}reward/{page}/" for page in (ready, f"{ready}/use", used)),
        *("/clubs/", f"/j/{shop.slug}/rules/"),
    )


def test_what_staff_see(browse, visitor, counter, card, no_outside_requests):
    no_outside_requests.expect("camera|NotFoundError|getUserMedia")  # this browser has none
    visitor.cookies[COUNTER_COOKIE] = counter.device
    maja = MembershipFactory(shop=card.shop, name="Maja", stamps=14)
    liv = MembershipFactory(shop=card.shop, stamps=2)

    assert not browse(
        visitor,
        *("/c/", f"/c/card/{maja.counter_code}/", f"/c/card/{liv.counter_code}/"),
        *("/c/last/", "/c/new/", "/c/staff/", "/c/help/", "/c/leave/", "/c/theme/"),
        *("/c/search/", "/c/new/phone/", "/c/new/paper/"),
    )


def test_what_staff_see_of_two_cards_and_of_none(browse, till, card, no_outside_requests):
    no_outside_requests.expect("camera|NotFoundError|getUserMedia|answer 404")
    maja = MembershipFactory(shop=card.shop, name="Maja", stamps=14)
    blank, paper = PaperCardFactory.create_batch(2, shop=card.shop)
    stamp = {"key": keys.new(), "programme": card.pk, "count": 1}
    till.post(f"/c/card/{paper.counter_code}/stamp/", stamp)

    assert not browse(
        till,
        *(f"/c/card/{code}/" for code in (paper.counter_code, blank.counter_code, "0123456789")),
        f"/c/card/{paper.counter_code}/move/",
        *(f"/c/card/{maja.counter_code}/merge/{other}" for other in ("", f"{paper.counter_code}/")),
    )


def test_what_staff_see_of_points(browse, till, points, counter, no_outside_requests):
    no_outside_requests.expect("camera|NotFoundError|getUserMedia")  # this browser has none
    shop, today = points.shop, clock.today(points.shop.zone)
    maja, liv = MembershipFactory(shop=shop, name="Maja"), MembershipFactory(shop=shop, name="Liv")
    earn(maja, 500_000, counter=counter)
    with scope(shop=shop):
        liv.birthday = (today.day, today.month)
        liv.save()

    assert not browse(till, *(f"/c/card/{card.counter_code}/" for card in (maja, liv)))


def test_what_staff_see_of_points_beside_stamps(browse, till, points, card, no_outside_requests):
    no_outside_requests.expect("camera|NotFoundError|getUserMedia")  # this browser has none
    maja = MembershipFactory(shop=card.shop, name="Maja")

    assert not browse(till, f"/c/card/{maja.counter_code}/")


def test_what_a_member_can_choose(browse, visitor, card, counter):
    shop = card.shop
    points = PointsFactory(shop=shop)
    maja = MembershipFactory(shop=shop, name="Maja")
    stamp(maja, 8, counter=counter, programme=card)
    earn(maja, 114_000, counter=counter)
    today = clock.today(shop.zone)
    near = {"starts_on": today, "ends_on": today, "picture": PictureFactory(shop=shop)}
    offers = [
        RewardFactory(programme=points, terms="Not on Sundays.", stock=3, **near),
        RewardFactory(programme=points, cost=12_345, name="W" * 50),
        RewardFactory(programme=points, stock=0),
    ]
    RewardFactory(programme=card, cost=None, minimum_minor=5000)
    with scope(shop=shop):
        claim = Claim.objects.get()

    private = f"/m/{maja.private}/"
    pages = ["", "code/", "history/", "rewards/", f"reward/{claim.pk}/choose/"]
    pages += [f"rewards/{offer.pk}/" for offer in offers]
    faults = browse(visitor, *(private + page for page in pages), f"/j/{shop.slug}/")
    assert not faults, "\n".join(faults)


def test_what_a_member_sees_of_early_access(browse, visitor, till, no_outside_requests, card):
    no_outside_requests.expect("camera|NotFoundError|getUserMedia")  # this browser has none
    shop, maja = card.shop, MembershipFactory(shop=card.shop, name="Maja")
    VipFactory(membership=maja)
    now, soon = clock.now(), clock.now() + timedelta(days=2)
    party = {"kind": "event", "name": "Tasting", "place": "Storgata 1", "quantity": 1}
    held, today, full, still, later, gone = (
        OpeningFactory(drop=DropFactory(shop=shop, **what), at=at).drop
        for what, at in (
            ({"picture": PictureFactory(shop=shop), "collect_by": soon, "per_member": 2}, now),
            ({**party, "starts_at": now + timedelta(minutes=1)}, now),
            ({**party, "starts_at": soon, "reply_by": soon}, now),
            ({"name": "W" * 50}, now),
            ({"name": "Mug"}, soon),
            ({"name": "Sold-out mug", "quantity": 1}, now),
        )
    )
    early = OpeningFactory(drop=later, audience="picked", at=soon - timedelta(days=1)).drop
    OpeningFactory(drop__shop=shop, drop__kind="sale", drop__quantity=None, audience="picked")
    take = {"membership": maja, "actor": Actor(shop, Channel.CARD)}
    other = {**take, "membership": MembershipFactory(shop=shop)}
    claim = vip.reserve(**take, drop=held, key=keys.new())["claim"]
    vip.reply(**take, drop=today, coming=True, key=keys.new())
    vip.reserve(**other, drop=gone, key=keys.new())
    vip.reply(**other, drop=full, coming=True, key=keys.new())
    private = f"/m/{maja.private}/"
    drops = [f"{private}early/{drop.pk}/" for drop in (held, today, full, still, early, gone)]

    faults = browse(visitor, private, f"{private}early/", f"{private}reward/{claim}/", *drops)
    faults += browse(till, f"/c/card/{maja.counter_code}/")
    assert not faults, "\n".join(faults)


def test_what_a_manager_sees_of_points(browse, manager, points):
    reward = RewardFactory(programme=points)
    section = f"/o/{points.shop.slug}/programme/"

    assert not browse(
        manager,
        *(f"{section}points/", f"{section}birthday/"),
        *(f"{section}rewards/", f"{section}rewards/{reward.pk}/"),
    )


def test_what_a_new_owner_sees(browse, db):
    person = PersonFactory(name="Nils")
    shop = open_shop(person=person, name="Brød & Bolle", country="NO", language="nb")
    name, rules = trades.proposal(shop.trade, currency="NOK", language="nb")
    with scope(shop=shop):
        start_card(name=name, rules=rules, actor=Actor(shop, Channel.OWNER, person=person))
    assert shop.roles.get().level == Role.Level.OWNER

    assert not browse(browser_of(person), "/start/3/", "/start/4/", "/start/5/", "/start/6/")
