"""Every page as a browser shows it: nothing for axe to find, and no sideways scroll on the
narrowest phone, in three languages, in light and dark."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django_scopes import scope
from playwright.sync_api import expect

from loyalty import clock, keys
from loyalty.access import COUNTER_COOKIE
from loyalty.actors import Actor, Channel
from loyalty.models import Role
from loyalty.operations import offer_pairing, open_shop
from members import programmes
from rewards.birthday.models import BirthdayTreat
from rewards.birthday.owning import keep_treat
from rewards.catalogue.operations import redeem, redeem_now
from rewards.models import Claim
from rewards.points.rules import Action, Expiry, PointRules
from rewards.vip import operations as vip
from stampcards import trades
from stampcards.counter import late
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
    ProgrammeFactory,
    RewardFactory,
    RuleVersionFactory,
    VipFactory,
    earn,
    saved_late,
    stamp,
)
from tests.people import browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROWEST, PHONE, LAPTOP = 320, 390, 1280
LOOKS = [
    ("en-gb", "light", PHONE),
    ("en-gb", "dark", LAPTOP),
    ("da", "dark", NARROWEST),
    ("nb", "light", NARROWEST),
]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}-{look[2]}")
def browse(request, new_context, live_server):
    """browse(client, *paths): what is wrong with these pages, seen with the cookies of a client."""
    language, theme, width = request.param
    context = new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    site = {"url": live_server.url}
    context.add_cookies(
        [
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, **site},
            {"name": "theme", "value": theme, **site},
        ]
    )

    def look_at(client, *paths):
        cookies = [{"name": c.key, "value": c.value, **site} for c in client.cookies.values()]
        context.add_cookies(cookies)
        page = context.new_page()
        return [fault for path in paths for fault in faults_of(page, live_server.url + path)]

    return look_at


def faults_of(page, address):
    page.goto(address)
    expect(page.locator("main")).to_be_visible()
    found = Axe().run(page).response["violations"]
    faults = [f"{address}: {fault['id']}, {fault['nodes'][0]['html'][:200]}" for fault in found]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append(f"{address} scrolls sideways")
    return faults


@pytest.fixture
def points(shop):
    """A scheme with every way to earn, and a birthday treat beside it."""
    with scope(shop=shop):
        keep_treat(BirthdayTreat(shop=shop, title="A bun"))
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
            shop=card.shop, location=LocationFactory(shop=card.shop), name="Bar"
        )

    assert not browse(
        visitor,
        *("/", "/privacy/", "/help/", "/accessibility/", "/start/", "/accounts/login/"),
        *(f"/j/{shop}/", f"/j/{shop}/rules/", f"/j/{shop}/have-card/", "/m/", "/s/0123456789"),
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
        f"{private}print/",
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


def test_what_an_owner_sees(browse, ingrid, card, counter):
    maja = MembershipFactory(shop=card.shop, name="Maja", stamps=14)
    saved_late(counter=counter, code=maja.counter_code, programme=card)
    with scope(shop=card.shop):
        late.note_missing(counter, given=4, waiting=[])
    shop = f"/o/{card.shop.slug}/"

    assert not browse(
        ingrid,
        *("/o/", shop, f"{shop}programme/", f"{shop}posters/", f"{shop}people/"),
        *(f"{shop}flags/", f"{shop}flags/settings/", f"{shop}late/", f"{shop}statement/"),
        *(f"{shop}programme/{name}/" for name in ("points", "rewards", "birthday", "cards/new")),
        f"{shop}programme/friends/",
        *(f"{shop}members/", f"{shop}members/?q=12", f"{shop}members/{maja.pk}/"),
        *("/accounts/email/", "/accounts/sessions/", "/accounts/2fa/"),
    )


def test_what_an_owner_sees_of_several_programmes(browse, ingrid, card):
    points = PointsFactory(shop=card.shop)
    RewardFactory(programme=points, value_minor=45_000)
    later = clock.now() + timedelta(days=9)
    RuleVersionFactory(programme=points, rules=PointRules(rate="2"), effective_from=later)
    lunch = ProgrammeFactory(shop=card.shop, name="Lunch card")
    with scope(shop=card.shop):
        programmes.switch_off(lunch)
    section = f"/o/{card.shop.slug}/programme/"

    assert not browse(
        ingrid,
        *(f"{section}points/", f"{section}cards/{lunch.pk}/", f"{section}cards/new/"),
    )


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


def test_what_an_owner_sees_of_the_rewards(browse, ingrid, card):
    lunch = RewardFactory(
        programme=PointsFactory(shop=card.shop), picture=PictureFactory(shop=card.shop), stock=0
    )
    gone = RewardFactory(programme=card, cost=None, value_minor=0, retired_at=clock.now())
    rewards = f"/o/{card.shop.slug}/programme/rewards/"

    assert not browse(
        ingrid,
        *(rewards, f"{rewards}new/", f"{rewards}{lunch.pk}/", f"{rewards}{gone.pk}/"),
    )


def test_what_an_owner_sees_of_early_access(browse, ingrid, card):
    shop, maja = card.shop, MembershipFactory(shop=card.shop, name="Maja")
    soon = clock.now() + timedelta(days=2)
    party = {"kind": "event", "place": "Storgata 1", "starts_at": soon + timedelta(days=7)}
    drops = [
        OpeningFactory(drop__shop=shop, drop__picture=PictureFactory(shop=shop)).drop,
        OpeningFactory(drop=DropFactory(shop=shop, **party)).drop,
        OpeningFactory(drop__shop=shop, drop__name="W" * 50, audience="picked", at=soon).drop,
        OpeningFactory(drop__shop=shop, drop__scheduled_at=None, at=soon).drop,
    ]
    take = {"membership": maja, "actor": Actor(shop, Channel.CARD)}
    vip.reserve(**take, drop=drops[0], key=keys.new())
    vip.reply(**take, drop=drops[1], coming=True, key=keys.new())
    early, member = (f"/o/{shop.slug}/{page}/" for page in ("early", f"members/{maja.pk}"))
    pages = [f"{early}{drop.pk}/{page}" for drop in drops for page in ("", "live/")]
    pages += [f"{early}{drops[0].pk}/again/", f"{early}{drops[1].pk}/list/"]

    faults = browse(ingrid, early, f"{early}new/", member, *pages)
    VipFactory(membership=maja)
    assert not faults + browse(ingrid, early, member)


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


def test_what_an_owner_sees_of_points(browse, ingrid, card, points, counter):
    maja = MembershipFactory(shop=card.shop, name="Maja")
    earn(maja, 500_000, counter=counter)
    shop = f"/o/{card.shop.slug}/"

    assert not browse(
        ingrid,
        *(shop, f"{shop}statement/", f"{shop}members/", f"{shop}members/{maja.pk}/"),
        *(f"{shop}programme/points/", f"{shop}programme/birthday/"),
    )


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
