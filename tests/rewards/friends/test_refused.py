"""Who is no new customer brings nothing, whenever it is noticed (REF-05, F6, B22)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from loyalty import clock, keys
from loyalty.actors import Actor
from members.messages.models import Message
from members.operations import merge, save_card
from rewards.friends.mailboxes import mailbox
from rewards.friends.models import Referral, Thanked
from tests.factories import MembershipFactory, PersonFactory
from tests.rewards.friends.conftest import A_DAY, NOON, give, referral, stamps, state, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def later():
    """Whoever was here before was here for some time."""
    with clock.at(NOON + timedelta(days=3)):
        yield


@pytest.fixture
def save(counter):
    def save(card, email):
        person = PersonFactory(email=email)
        return save_card(
            membership=card, person=person, key=keys.new(), actor=Actor.of_counter(counter)
        )

    return save


@pytest.fixture
def one_of(counter):
    """one_of(kept, gone): somebody shows two cards, and they become one."""

    def one_of(kept, gone):
        merge(kept=kept, gone=gone, key=keys.new(), actor=Actor.of_counter(counter))

    return one_of


def nothing_was_given():
    worker()
    return not Thanked.objects.exists()


def test_it_works(maja, later, come, buy, save):
    """Kari types an e-mail that Maja's card has, spelt otherwise."""
    save(maja, "maja.hansen@gmail.com")
    kari = come(maja)
    save(kari, "majahansen+two@googlemail.com")
    buy(kari)

    assert state() == "refused"
    assert nothing_was_given()
    assert stamps(kari) == 2  # the purchase itself counts
    assert Message.objects.get().membership == kari


def test_somebody_with_a_card_gets_no_second_one(maja, later, come):
    ola = PersonFactory()
    card = MembershipFactory(shop=maja.shop, person=ola)

    assert come(maja, "", person=ola) == card
    assert not Referral.objects.exists()


def test_a_number_that_is_on_another_card(maja, on, come, buy):
    ola = MembershipFactory(shop=on)
    ola.phone = "+4791234567"
    ola.save()
    with clock.at(NOON + timedelta(days=3)):
        kari = come(maja)
        kari.phone = "+4791234567"
        kari.save()
        buy(kari)

        assert state() == "refused"
        assert nothing_was_given()


def test_a_number_next_door_is_another_customer(maja, next_door_member, later, come, buy):
    next_door_member.phone = "+4791234567"
    next_door_member.save()
    kari = come(maja)
    kari.phone = "+4791234567"
    kari.save()
    buy(kari)

    assert state() == "bought"


def test_another_mailbox_at_the_same_place_is_another_customer(maja, later, come, buy, save):
    save(maja, "m.ja@example.no")
    kari = come(maja)
    save(kari, "mja@example.no")  # dots mean something everywhere but at Google
    buy(kari)

    assert state() == "bought"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maja@Example.no", "maja@example.no"),
        ("maja+club@example.no", "maja@example.no"),
        ("m.a.j.a@gmail.com", "maja@gmail.com"),
        ("maja@googlemail.com", "ma.ja+x@gmail.com"),
    ],
)
def test_one_mailbox_has_many_spellings(one, other):
    assert mailbox(one) == mailbox(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("m.aja@example.no", "maja@example.no"), ("maja@gmail.com", "maja@example.no")],
)
def test_and_others_are_others(one, other):
    assert mailbox(one) != mailbox(other)


def test_a_mailbox_is_known_when_they_join(maja, later, come, save):
    save(maja, "maja@gmail.com")
    kari = come(maja, "", person=PersonFactory(email="ma.ja@gmail.com"))

    assert not Referral.objects.exists()
    assert Message.objects.get().membership == kari


# --- Two cards of one person ---


def test_a_former_customer_with_a_new_card(maja, on, come, buy, one_of):
    """Kari was here before; her old card comes to light at the counter."""
    old = MembershipFactory(shop=on, name="Kari")
    with clock.at(NOON + timedelta(days=3)):
        kari = come(maja)
        one_of(kari, old)
        buy(kari)

        assert state() == "refused"
        assert nothing_was_given()


def test_the_other_way_round(maja, on, come, buy, one_of):
    old = MembershipFactory(shop=on, name="Kari")
    with clock.at(NOON + timedelta(days=3)):
        one_of(old, come(maja))
        buy(old)

        assert state() == "refused"
        assert nothing_was_given()


def test_a_second_card_made_later_changes_nothing(maja, on, come, buy, one_of):
    kari = come(maja)
    with clock.at(NOON + timedelta(days=3)):
        second = MembershipFactory(shop=on)
        one_of(second, kari)
        buy(second)

    assert (referral().friend, state()) == (second, "bought")


def test_oneself_with_a_second_card(maja, later, come, buy, one_of):
    """Maja brings herself, is paid for it, and is found out when both cards are shown."""
    kari = come(maja)
    buy(kari)
    worker()
    assert (stamps(maja), stamps(kari)) == (2, 3)
    one_of(maja, kari)
    worker(A_DAY)

    assert state() == "refused"
    # Her welcome and the purchase: no stamp for her, and none for her "friend".
    assert stamps(maja) == 2
    assert not Thanked.objects.standing().exists()


def test_oneself_the_other_way_round(maja, later, come, buy, one_of):
    kari = come(maja)
    buy(kari)
    worker()
    one_of(kari, maja)
    worker(A_DAY)

    assert (state(), stamps(kari)) == ("refused", 2)


def test_oneself_with_vouchers(*, on, maja, later, come, buy, one_of):
    give(on, {"behaviour": "percent", "percent": 10}, {"behaviour": "thing", "title": "A bun"})
    kari = come(maja)
    buy(kari)
    worker()
    one_of(maja, kari)
    worker(A_DAY)

    assert {claim.state for claim in maja.claims.all()} == {"cancelled"}


def test_a_second_referrer(maja, on, come, buy, one_of):
    """The first who brought them counts; a card through somebody else is no new customer."""
    nora = MembershipFactory(shop=on, name="Nora")
    first = come(maja)
    with clock.at(NOON + timedelta(days=3)):
        second = come(nora)
        one_of(second, first)
        buy(second)
        worker()

    states = dict(Referral.objects.values_list("member", "state"))
    assert states == {maja.pk: "rewarded", nora.pk: "refused"}


def test_a_circle(maja, later, come, buy, one_of):
    """Maja brought Kari, and Kari brings Maja with a new card."""
    kari = come(maja)
    with clock.at(NOON + timedelta(days=6)):
        again = come(kari, "Maja")
        one_of(again, maja)
        buy(again)
        buy(kari)
        worker()

    states = {(r.member, r.friend): r.state for r in Referral.objects.all()}
    assert states == {(again, kari): "rewarded", (kari, again): "refused"}


def test_a_circle_of_three(maja, later, come, buy, one_of):
    kari = come(maja)
    with clock.at(NOON + timedelta(days=6)):
        ola = come(kari, "Ola")
    with clock.at(NOON + timedelta(days=9)):
        again = come(ola, "Maja")
        buy(again)
        worker()
        one_of(maja, again)
        worker(A_DAY)

    last = Referral.objects.get(member=ola)
    assert last.state == "refused"
    assert not Thanked.objects.standing().exists()


def test_a_card_that_was_merged_brings_friends_to_the_one_it_became(maja, on, come, buy, one_of):
    other = MembershipFactory(shop=on)
    one_of(other, maja)
    buy(come(maja))
    worker()

    assert referral().member == other
    assert stamps(other) == 2


def test_the_database_knows_it_too(maja, on, come):
    kari = come(maja)
    own = {"shop": on, "friend": kari, "pays": "purchase", "joined_at": NOON}
    nora = MembershipFactory(shop=on)

    for wrong in ({**own, "member": nora}, {**own, "friend": nora, "member": nora}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.create(**wrong)


def test_one_reward_per_side(maja, on, come, buy):
    buy(come(maja))
    given = Thanked.objects.get()
    given.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        given.save(force_insert=True)
