"""Balances of before: looked at first, then booked, each line once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.journal.models import Change
from loyalty.refusals import Refused
from members.adjusting import adjust_balance
from members.ledger.models import LedgerEntry, Operation
from members.merging import merge
from members.models import Consent, Membership
from members.opening import operations
from members.opening.models import OpeningFile, OpeningLine
from members.operations import replace_codes
from members.privacy.operations import leave
from rewards.models import Claim
from tests.factories import MembershipFactory, PersonFactory, PointsFactory
from tests.members.opening.conftest import told

pytestmark = pytest.mark.django_db

HEADING = "Name,Phone,E-mail,Code,Coffee card"


def balance(card):
    return card.accounts.get(programme__kind="stamps").balance


def test_it_works(bring):
    file = bring(HEADING, "Maja,40612345,,,5")

    card = Membership.objects.get()
    assert told(file) == {2: ""}
    assert (card.name, card.phone, card.unclaimed) == ("Maja", "+4740612345", True)
    assert (card.source, card.source_detail) == ("other", "import")
    assert balance(card) == 5  # and no welcome on top
    [entry] = LedgerEntry.objects.all()
    assert (entry.kind, entry.amount, entry.qualifying) == ("opening", 5, 0)
    assert file.done_at


def test_looking_books_nothing(look, member):
    before = LedgerEntry.objects.count(), Operation.objects.count()

    file = look(HEADING, "Kari,,,,5", f",,,{member.short_code},5")

    assert set(told(file).values()) == {""}
    assert (LedgerEntry.objects.count(), Operation.objects.count()) == before
    assert Membership.objects.count() == 1
    assert not Change.objects.exists()


def test_on_a_card_that_is_here_by_its_code(bring, member):
    bring(HEADING, f"Somebody,,,{member.spoken_code},5")

    member.refresh_from_db()
    assert (member.name, balance(member)) == ("Maja", 6)
    assert Membership.objects.count() == 1


def test_by_the_e_mail_it_is_saved_with(bring, card):
    maja = MembershipFactory(shop=card.shop, person=PersonFactory(email="maja@example.no"))

    bring(HEADING, ",,MAJA@example.no,,5")

    assert balance(maja) == 6


def test_by_its_phone(bring, member):
    Membership.objects.update(phone="+4740612345")

    bring(HEADING, ",406 12 345,,,5")

    assert balance(member) == 6


def test_a_number_on_several_cards_asks_for_the_code(look, card):
    MembershipFactory.create_batch(2, shop=card.shop)
    Membership.objects.update(phone="+4740612345")

    file = look(HEADING, ",40612345,,,5")

    assert told(file)[2] == (
        "Several cards here have this phone number. Add the code of the right one."
    )


def test_a_code_that_was_replaced_and_a_card_that_became_another(bring, member, card, owner):
    old, kari = member.short_code, MembershipFactory(shop=card.shop)
    replace_codes(membership=member, key=keys.new(), actor=owner)
    merge(kept=kari, gone=member, key=keys.new(), actor=owner)

    bring(HEADING, f",,,{old},5")

    assert balance(kari) == 6


def test_a_card_that_was_deleted(look, member):
    leave(member)

    assert "This card was deleted on" in told(look(HEADING, f",,,{member.short_code},5"))[2]


def test_a_card_of_the_shop_next_door(look, next_door_member):
    file = look(HEADING, f",,,{next_door_member.short_code},5")

    assert told(file)[2] == "No card here has this code."


def test_several_balances_at_once(bring, shop):
    PointsFactory(shop=shop)

    bring("Name,Coffee card,Points", "Maja,5,64")

    assert sorted(Membership.objects.get().accounts.values_list("balance", flat=True)) == [5, 64]
    assert Operation.objects.filter(kind="bring_in").count() == 1


def test_what_fills_a_card_brings_its_reward(bring):
    bring(HEADING, "Maja,,,,20")

    card = Membership.objects.get()
    assert Claim.objects.filter(membership=card).count() == 2
    assert balance(card) == 2


def test_the_same_file_twice_credits_once(bring):
    rows = HEADING, "Maja,40612345,,,5", "Kari,,,,6"
    bring(*rows)

    again = bring(*rows)

    assert set(told(again).values()) == {"This line was brought in before."}
    assert Membership.objects.count() == 2
    assert LedgerEntry.objects.count() == 2


def test_also_written_in_another_way(bring):
    bring("Name,Coffee card", "Maja,5")

    again = bring("Coffee card;Navn;Notes", '5;"  Maja";regular')

    assert told(again) == {2: "This line was brought in before."}
    assert LedgerEntry.objects.count() == 1


def test_with_one_line_put_right_the_others_do_not_count_twice(bring):
    bring(HEADING, "Maja,40612345,,,5", "Kari,,,,six")

    again = bring(HEADING, "Maja,40612345,,,5", "Kari,,,,6")

    assert told(again) == {2: "This line was brought in before.", 3: ""}
    assert LedgerEntry.objects.count() == 2


def test_another_balance_for_a_member_who_had_one(bring):
    bring(HEADING, "Maja,40612345,,,5")

    again = bring(HEADING, "Maja,40612345,,,7")

    assert told(again)[2].startswith("A balance was brought in for this member before.")
    assert balance(Membership.objects.get()) == 5


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ("Maja,40612345,,,5", "The same as line 2."),
        ("Maja B,40612345,,,6", "Line 2 is about the same member."),
    ],
)
def test_twice_in_one_file(bring, second, says):
    file = bring(HEADING, "Maja,40612345,,,5", second)

    assert told(file) == {2: "", 3: says}
    assert LedgerEntry.objects.count() == 1


def test_a_member_named_once_by_code_and_once_by_phone(look, member):
    Membership.objects.update(phone="+4740612345")

    file = look(HEADING, f",,,{member.short_code},5", ",40612345,,,6")

    assert told(file)[3] == "Line 2 is about the same member."


def test_what_was_refused_then_can_be_brought_in_later(look, bring, card, owner):
    file = look(HEADING, "Maja,,,,5")
    type(card).objects.update(off_since=clock.now())
    operations.bring_all_in(file=file, actor=owner)
    assert "switched off" in told(file)[2]
    type(card).objects.update(off_since=None)

    again = bring(HEADING, "Maja,,,,5")

    assert told(again) == {2: ""}
    assert LedgerEntry.objects.count() == 1


def test_on_pause_it_can_be_brought_in(bring, card):
    type(card).objects.update(paused_since=clock.now())

    assert told(bring(HEADING, "Maja,,,,5")) == {2: ""}


def test_before_the_shop_is_open_it_waits(look, shop):
    shop.live_since = None

    with pytest.raises(Refused, match="Start the programme first"):
        look(HEADING, "Maja,,,,5")


def test_nobody_agrees_to_anything_by_standing_in_a_file(bring):
    bring(HEADING, "Maja,,maja@example.no,,5")

    card = Membership.objects.get()
    assert not Consent.objects.exists()
    assert (card.service_mail, card.person) == (False, None)


def test_what_it_says_of_people_is_thrown_away(bring):
    bring(HEADING, "Maja,40612345,maja@example.no,,5", "Kari,41234567,,482914,5")

    kept = OpeningLine.objects.order_by("number").values_list("name", "phone", "email", "code")
    assert list(kept) == [("", "", "maja@example.no", ""), ("", "", "", "")]
    assert "40612345" not in str(list(Operation.objects.values_list("answer", "fingerprint")))


def test_a_file_nobody_asked_for_is_thrown_away_after_a_day(look):
    look(HEADING, "Maja,,,,5")

    operations.pass_time(clock.now() + timedelta(hours=23))
    assert OpeningFile.objects.exists()

    operations.pass_time(clock.now() + timedelta(hours=25))
    assert not OpeningFile.objects.exists()


def test_the_worker_brings_in_what_is_more_than_a_few(look, owner, monkeypatch):
    monkeypatch.setattr(operations, "AT_ONCE", 1)
    monkeypatch.setattr(operations, "BATCH", 2)
    monkeypatch.setattr(type(operations.go_on), "enqueue", lambda task, pk: None)
    file = look(HEADING, *(f"Member {n},,,,5" for n in range(5)))

    operations.bring_all_in(file=file, actor=owner)
    assert LedgerEntry.objects.count() == 0
    for done in (2, 4, 5):
        operations.go_on.call(file.pk)
        assert LedgerEntry.objects.count() == done

    file.refresh_from_db()
    assert file.done_at
    operations.go_on.call(file.pk)
    assert LedgerEntry.objects.count() == 5


def test_a_lost_task_is_taken_up(look, owner, monkeypatch):
    monkeypatch.setattr(operations, "AT_ONCE", 0)
    asked = []
    monkeypatch.setattr(type(operations.go_on), "enqueue", lambda task, pk: asked.append(pk))
    file = look(HEADING, "Maja,,,,5")
    operations.bring_all_in(file=file, actor=owner)

    operations.pass_time(clock.now() + timedelta(minutes=11))

    assert asked == [file.pk, file.pk]


def test_the_log_says_who_brought_in_how_many(bring, ingrid_person):
    bring(HEADING, "Maja,,,,5", "Kari,,,,six")

    change = Change.objects.get()
    assert (change.what, change.actor, change.after) == (
        "members_imported",
        ingrid_person,
        {"lines": 1},
    )


def test_looking_at_many_costs_as_much_as_at_a_few(look, card):
    def cost(n):
        people = MembershipFactory.create_batch(2, shop=card.shop)
        rows = [f",,,{one.short_code},5" for one in people]
        with CaptureQueriesContext(connection) as asked:
            look(HEADING, *rows, *(f"Member {n}-{each},,,,5" for each in range(n)))
        return len(asked)

    assert cost(2) == cost(40)


def test_it_can_be_corrected_like_any_balance(bring, card, owner):
    bring(HEADING, "Maja,,,,5")
    maja = Membership.objects.get()

    adjust_balance(
        membership=maja, programme=card, amount=-5, reason="mistake", key=keys.new(), actor=owner
    )

    assert balance(maja) == 0


def test_a_stranger_has_a_file_of_their_own(bring, next_door_card, next_door_person):
    bring(HEADING, "Maja,40612345,,,5")
    nina = Actor(next_door_card.shop, Channel.OWNER, person=next_door_person)

    upload = f"Name,Phone,{next_door_card.name}\nMaja,40612345,5".encode()
    with scope(shop=next_door_card.shop):
        theirs = operations.look_at(upload=upload, actor=nina)
        assert told(theirs) == {2: ""}


def test_two_who_became_one_meanwhile_are_credited_once(look, card, owner):
    one, two = MembershipFactory.create_batch(2, shop=card.shop)
    files = [look(HEADING, f",,,{each.short_code},5") for each in (one, two)]
    operations.bring_all_in(file=files[0], actor=owner)
    merge(kept=two, gone=one, key=keys.new(), actor=owner)

    operations.bring_all_in(file=files[1], actor=owner)

    assert told(files[1])[2].startswith("A balance was brought in for this member before.")
    assert LedgerEntry.objects.filter(kind="opening").count() == 1


def test_also_by_way_of_a_third(look, bring, card, owner):
    one, two, three = MembershipFactory.create_batch(3, shop=card.shop)
    bring(HEADING, f",,,{one.short_code},5")
    merge(kept=two, gone=one, key=keys.new(), actor=owner)
    merge(kept=three, gone=two, key=keys.new(), actor=owner)

    assert told(look(HEADING, f",,,{three.short_code},6"))[2].startswith("A balance was brought in")


def test_two_programmes_of_one_name_cannot_be_told_apart(look, shop):
    for programme in (PointsFactory(shop=shop), PointsFactory(shop=shop)):
        type(programme).objects.filter(pk=programme.pk).update(name="Extra")

    with pytest.raises(Refused, match="Head it as the card is called here: Coffee card"):
        look("Name,Extra", "Maja,5")
