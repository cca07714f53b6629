"""Whatever an owner does leaves a line in the log: every form below /o/ is sent, and leaves a
Change or an Operation. A new one is declared here, or among SILENT with the reason why not."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from loyalty import clock, keys
from loyalty.dashboard.urls import urlpatterns
from loyalty.invitations.models import Invitation
from loyalty.journal.models import Change
from members.ledger.models import Operation
from members.models import Membership
from members.opening.operations import look_at
from stampcards.counter.models import LateAction
from tests.factories import (
    DropFactory,
    MembershipFactory,
    OpeningFactory,
    ProgrammeFactory,
    RewardFactory,
    as_owner,
    saved_late,
    stamp,
)
from tests.support.browsing import filled

pytestmark = pytest.mark.django_db

# Nothing of the shop is changed: most of these draw what was typed.
SILENT = {
    *("card_preview", "new_card_preview", "points_preview", "levels_preview"),
    *("birthday_preview", "friends_preview", "preview_new_reward", "preview_reward"),
    *("preview_new_drop", "preview_drop", "take_idea", "end_preview", "brand_preview"),
    *("import_members", "discard_file"),  # a file is looked at, and thrown away
    "ask_owner",  # changes nothing; the owner has it as a mail
}
KEY = {"key": keys.new}
BALANCES = b"Name,Coffee card\nMaja,5\n"
A_QUARTER = timedelta(minutes=15)  # between two of them
EARNS = {"on": "points", "by_amount": "on", "rate": "1"}


def in_days(days):
    return (clock.now() + timedelta(days=days)).date().isoformat()


PLAN = {
    "first_to": "picked",
    "first_on": in_days(5),
    "first_at": "09:00",
    "general": "never",
    "per_member": "1",
    "collect_on": in_days(9),
    "collect_at": "17:00",
}

# In this order: the address that takes the form, the things it is about, what is typed. With
# `on`, the page it stands on, everything else is sent as the page has filled it in.
SENT = [
    ("programme", (), {"on": "programme", "welcome": "2"}),
    ("card", ("lunch",), {"on": "card", "welcome": "0"}),
    ("use_version", ("lunch", 1), {}),
    *((name, ("card",), {}) for name in ("pause", "resume", "switch_off", "switch_on")),
    ("saved_only", (), {}),
    ("to_all", (), {}),
    ("new_card", (), {"on": "new_card", "name": "Juice card"}),
    ("points", (), {**EARNS, "every": "10"}),
    ("points", (), {**EARNS, "every": "20"}),
    ("use_rules", (1,), {}),
    ("points", (), {**EARNS, "every": "30", "begins_on": in_days(2)}),
    ("take_rules_back", (), {}),
    ("add_reward", (), {"on": "add_reward", "name": "Bun", "cost": "50", "value": "20"}),
    ("reward", ("reward",), {"on": "reward", "name": "Large cake"}),
    ("retire_reward", ("reward",), {}),
    ("offer_reward_again", ("reward",), {}),
    *((name, (), {"on": name}) for name in ("levels", "birthday", "friends")),
    *(
        (f"{name}_{way}", (), {})
        for name in ("levels", "birthday", "friends", "flags")
        for way in ("off", "on")
    ),
    ("flag_settings", (), {"on": "flag_settings", "far_days": "60"}),
    ("opening_hours", ("place",), {"opens_0": "09:00", "closes_0": "17:00"}),
    ("pick_member", ("member",), KEY),
    ("unpick_member", ("member",), KEY),
    (
        "correct_balance",
        ("member",),
        {"on": "member", "programme": "card", "amount": "+1", "reason": "goodwill"},
    ),
    ("take_back", ("member", "stamped"), {**KEY, "reason": "mistake"}),
    ("make_cards", (), KEY),
    ("add_drop", (), {"on": "add_drop", **PLAN, "name": "Winter roast"}),
    ("drop", ("drop",), {"on": "drop", **PLAN, "name": "Autumn roast"}),
    ("unschedule_drop", ("drop",), KEY),
    ("close_drop", ("open_drop",), KEY),
    ("count_late", ("late",), KEY),
    ("leave_late", ("later",), {}),
    ("put_late_back", ("later",), {}),
    ("missing_seen", ("counter",), {}),
    ("add_staff", (), {"name": "Nora"}),
    ("set_pin", ("ola",), {"pin": "2580"}),
    *((name, ("ola",), {}) for name in ("remove_pin", "dismiss", "take_on_again")),
    ("rename_location", ("place",), {"name": "Torget"}),
    ("add_counter", (), {"on": "people", "name": "At the back"}),
    ("revoke", ("counter",), {}),
    ("bring_back", ("counter",), {}),
    ("open_counter", (), {}),
    ("keep_note", ("member",), {"note": "Oat milk"}),
    ("new_codes", ("member",), KEY),
    ("merge_with", ("member", "other_card"), {**KEY, "keep": "code"}),
    ("part_cards", ("member", "merged"), KEY),
    ("delete_member", ("other_card",), {}),
    ("member_back", ("other_card",), {}),
    ("export_members", (), {"why": "For the accountant"}),
    ("bring_in", ("file",), {}),
    ("settings", (), {"on": "settings", "address": "Torget 1"}),
    ("brand", (), {"on": "brand", "colour": "other", "colour_other": "#224466"}),
    ("pause_shop", (), {}),
    ("resume_shop", (), {}),
    ("end", ("card",), {"on": "end"}),
    ("call_off_end", ("card",), {}),
    ("export", (), {"why": "For the new till"}),
    ("goal", (), {"what": "members", "target": "500", "until": in_days(90)}),
    ("drop_goal", (), {}),
    ("rename_colleague", ("ola",), {"name": "Olav"}),
    ("give_sign_in", ("ola",), {"email": "ola@kaffe.example", "level": "1"}),
    ("invite_again", ("invitation",), {}),
    ("withdraw_invitation", ("invitation",), {}),
    ("invite", (), {"email": "nils@kaffe.example", "name": "Nils", "level": "2"}),
    ("change_role", ("mona",), {"level": "1"}),
    ("hand_over", ("mona",), {"sure": "on"}),  # the last: Ingrid is no owner any more
]


@pytest.fixture
def things(card, member, counter, manager_person, in_shop):
    """What there is in the shop, by the words of SENT: the part of the address that names it."""
    stamp(member, 1, counter=counter, programme=card)
    stamped = Operation.objects.latest("pk")
    late, later = (
        saved_late(counter=counter, code=member.counter_code, programme=card) for _time in range(2)
    )
    now = clock.now()
    LateAction.objects.create(
        shop=in_shop, counter=counter, device_seq=9, state="missing", received_at=now
    )
    return {
        "card": card.pk,
        "lunch": ProgrammeFactory(shop=in_shop, name="Lunch card").pk,
        "member": member.pk,
        "counter": counter.pk,
        "ola": counter.staff_id,
        "mona": manager_person.roles.get().staff.pk,
        "other_card": MembershipFactory(shop=in_shop).pk,
        "code": lambda: Membership.objects.get(pk=member.pk).counter_code,
        "merged": lambda: Operation.objects.filter(kind="merge").latest("pk").pk,
        "invitation": lambda: Invitation.objects.latest("pk").pk,
        "place": counter.location_id,
        "late": late.pk,
        "later": later.pk,
        "stamped": stamped.pk,
        "reward": RewardFactory(programme=card, cost=None).pk,
        "drop": OpeningFactory(drop=DropFactory(shop=in_shop), at=now + timedelta(days=1)).drop.pk,
        "open_drop": OpeningFactory(drop=DropFactory(shop=in_shop)).drop.pk,
        "file": look_at(upload=BALANCES, actor=as_owner(in_shop)).pk,
    }


def value(things, typed):
    """What is meant: a thing of the shop, something new every time, or the words themselves."""
    meant = things.get(typed, typed)
    return meant() if callable(meant) else meant


def lines():
    return Change.objects.count() + Operation.objects.count()


def send(ingrid, address, page, data):
    """As a browser would: with what the page has filled in."""
    if page:
        data = filled(ingrid.get(page).content.decode(), address, **data)
    return ingrid.post(address, data)


def test_whatever_an_owner_does_is_logged(ingrid, in_shop, things):
    untold = {}
    start = clock.now()
    for step, (name, of, typed) in enumerate(SENT):
        more = [value(things, each) for each in of]
        address = reverse(f"owner:{name}", args=[in_shop.slug, *more])
        page = typed.get("on")
        same = more if page in {name, "member"} else []
        page = page and reverse(f"owner:{page}", args=[in_shop.slug, *same])
        data = {name: value(things, typed[name]) for name in typed if name != "on"}
        before = lines()
        with clock.at(start + step * A_QUARTER):
            answer = send(ingrid, address, page, data)
        if lines() == before:
            form = (answer.context or {}).get("form")
            untold[name] = answer.status_code, form and form.errors

    assert untold == {}
    log = ingrid.get(reverse("owner:log_csv", args=[in_shop.slug])).content.decode()
    assert len(log.splitlines()) > len(SENT)
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", log) == []  # a key for which there are no words


def test_no_form_is_forgotten(stranger, shop):
    """What takes a POST is sent above, or is silent for a reason. A stranger finds nothing there,
    but is not told that nothing can be sent."""
    dummies = {"int": 1, "slug": "x", "uuid": keys.new()}
    takes_posts = set()
    for pattern in urlpatterns:
        converters = pattern.pattern.converters
        args = {
            name: shop.slug if name == "shop" else dummies[type(kind).__name__[:-9].lower()]
            for name, kind in converters.items()
        }
        if stranger.post(reverse(f"owner:{pattern.name}", kwargs=args)).status_code != 405:
            takes_posts.add(pattern.name)

    assert takes_posts - SILENT == {name for name, _of, _typed in SENT}
