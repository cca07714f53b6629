"""C-L: delete my card, and bring it back within 14 days."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.urls import reverse

from loyalty import keys
from loyalty.journal.models import Change
from loyalty.outbox.models import OutboxMessage
from members.access import holder_of
from members.messages.operations import Purpose
from members.messages.wishes import start_mail
from members.models import Consent, Membership
from members.operations import replace_codes
from members.privacy.models import Erasure
from members.privacy.operations import GoneForGood, bring_back, leave
from members.refusals import CardDeleted
from stampcards.counter.models import LateAction
from tests.factories import MembershipFactory, as_owner, saved_late, stamp
from tests.members.messages.conftest import tell
from tests.members.notices.conftest import proved_person
from tests.members.privacy.conftest import in_days

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja(in_shop, member):
    return member


@pytest.fixture
def page(maja):
    """page("delete"): its address on Maja's card."""
    return lambda name: reverse(f"my_data:{name}", args=[maja.private])


@pytest.fixture
def card_page(maja):
    return reverse("card:card", args=[maja.private])


def test_it_works(visitor, page, card_page, maja):
    answer = visitor.post(page("delete"), follow=True)

    assert answer.redirect_chain == [(card_page, 302)]
    assert answer.status_code == 410
    html = answer.content.decode()
    assert "Your card is deleted" in html
    assert f'action="{page("bring_back")}"' in html
    assert "15 March 2027" in html

    answer = visitor.post(page("bring_back"), follow=True)
    assert answer.status_code == 200
    assert "Your card is back." in answer.content.decode()
    maja.refresh_from_db()
    assert (maja.leaving_since, maja.name) == (None, "Maja")


def test_looking_deletes_nothing(visitor, page, maja):
    assert visitor.get(page("delete")).status_code == 200
    maja.refresh_from_db()
    assert maja.leaving_since is None
    assert visitor.get(page("bring_back")).status_code == 302


def test_it_is_two_taps_from_the_settings(visitor, maja, page):
    settings = visitor.get(reverse("card:settings", args=[maja.private])).content.decode()

    assert f'href="{page("delete")}"' in settings
    assert f'action="{page("delete")}"' in visitor.get(page("delete")).content.decode()


def test_the_page_says_what_is_lost(visitor, in_shop, card, counter):
    rich = MembershipFactory(shop=in_shop, stamps=11, stamps__counter=counter)

    html = visitor.get(reverse("my_data:delete", args=[rich.private])).content.decode()

    assert "This is ready for you, and is lost with the card:" in html
    assert "2 of 9" in html


def test_twice_is_once(visitor, page, maja):
    visitor.post(page("delete"))
    first = leave(maja)
    answer = visitor.post(page("delete"))

    assert answer.status_code == 410
    assert list(Erasure.objects.all()) == [first]
    assert bring_back(maja) == bring_back(maja)
    assert leave(maja) != first


@pytest.mark.parametrize(
    "name", ["card", "code", "history", "settings", "now", "print", "expiring"]
)
def test_no_page_of_the_card_opens(visitor, maja, name):
    leave(maja)

    assert visitor.get(reverse(f"card:{name}", args=[maja.private])).status_code == 410


def test_its_data_is_read_again_once_it_is_back(visitor, page, maja):
    leave(maja)
    assert visitor.get(page("data")).status_code == 410
    assert visitor.get(page("download")).status_code == 410

    bring_back(maja)
    assert visitor.get(page("data")).status_code == 200


@pytest.mark.parametrize("name", ["delete", "bring_back", "data", "download"])
def test_a_stranger_finds_no_card(visitor, page, maja, name):
    address = page(name).replace(maja.private, "x" * len(maja.private))
    leave(maja)

    assert visitor.get(address).status_code == 404
    if name in ("delete", "bring_back"):
        assert visitor.post(address).status_code == 404
    maja.refresh_from_db()
    assert maja.leaving_since


def test_another_site_cannot_delete_it(visitor, page, maja):
    answer = visitor.post(page("delete"), headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    maja.refresh_from_db()
    assert maja.leaving_since is None


def test_after_14_days_nothing_brings_it_back(visitor, page, card_page, maja):
    leave(maja)

    with in_days(14):
        assert visitor.get(card_page).status_code == 404
        assert visitor.post(page("bring_back")).status_code == 404
        with pytest.raises(GoneForGood):
            bring_back(maja)


# --- At the counter -----------------------------------------------------------------------


def test_the_counter_refuses_it_and_shows_nothing(till, maja):
    leave(maja)

    for code in (maja.counter_code, maja.short_code):
        page = typed(till, code)
        assert "This card was deleted on 1 March." in page
        assert "Maja" not in page
    assert maja.spoken_code not in typed(till, "Maja")


def typed(till, text):
    answer = till.post(reverse("counter:home"), {"code": text}, follow=True)
    return answer.content.decode()


def test_a_stamp_on_its_way_is_refused(till, maja, card):
    form = {"key": keys.new(), "programme": card.pk, "count": 1}
    leave(maja)

    page = till.post(reverse("counter:stamp", args=[maja.counter_code]), form)

    assert "This card was deleted on 1 March." in page.content.decode()
    assert maja.accounts.get().balance == 1


def test_nothing_is_booked_for_whoever_had_it_open(maja, counter):
    opened = Membership.objects.select_related("shop").get(pk=maja.pk)
    leave(maja)

    with pytest.raises(CardDeleted):
        stamp(opened, counter=counter)
    with pytest.raises(CardDeleted):
        replace_codes(membership=opened, key=keys.new(), actor=holder_of(opened))


def test_what_came_late_is_the_managers_and_shows_nobody(maja, card, counter, manager, shop):
    leave(maja)
    saved_late(counter=counter, code=maja.counter_code, programme=card, age=timedelta(minutes=5))

    assert LateAction.objects.get().state == LateAction.State.HELD
    page = manager.get(reverse("owner:late", args=[shop.slug])).content.decode()
    assert "This card was deleted on 1 March." in page
    assert "Maja" not in page


# --- Mail, lists, invitations -------------------------------------------------------------


def test_no_mail_goes_out(in_shop, card):
    person = proved_person("maja@example.no")
    maja = MembershipFactory(shop=in_shop, person=person)
    start_mail(maja, Purpose.SERVICE, way=Consent.Way.CARD)
    tell(maja)
    assert OutboxMessage.objects.get().state == "waiting"

    leave(maja)

    assert OutboxMessage.objects.get().state == "called_off"
    assert tell(maja, "another").posted is None


def test_it_is_on_no_list(maja, manager, shop):
    leave(maja)

    assert not Membership.objects.current().exists()
    page = manager.get(reverse("owner:members", args=[shop.slug])).content.decode()
    assert maja.short_code[:3] + " " + maja.short_code[3:] not in page


def test_its_invitation_leads_nowhere(visitor, maja):
    leave(maja)

    assert visitor.get(reverse("friends:invitation", args=[maja.friend_code])).status_code == 404


# --- Joining again ------------------------------------------------------------------------


def test_joining_again_makes_a_new_card(visitor, page, card_page, maja, shop):
    visitor.get(card_page)  # this browser remembers it
    visitor.post(page("delete"))
    join = reverse("join:join", args=[shop.slug])
    assert visitor.get(join).status_code == 200

    visitor.post(join, {"key": keys.new()})

    assert Membership.objects.current().count() == 1
    assert Membership.objects.current().get() != maja


def test_who_joined_again_gets_both_as_one(in_shop, card, counter):
    person = proved_person("maja@example.no")
    old = MembershipFactory(shop=in_shop, person=person, name="Maja", stamps=4)
    leave(old)
    new = MembershipFactory(shop=in_shop, person=person)
    assert new != old

    assert bring_back(old) == new

    assert new.accounts.get().balance == 4  # the welcome counts once
    assert bring_back(old) == new


# --- By the shop --------------------------------------------------------------------------


def test_the_shop_deletes_a_card_and_it_stands_in_its_log(maja, shop):
    leave(maja, actor=as_owner(shop))

    [line] = Change.objects.filter(what="member_deleted")
    assert line.after == {"member": maja.pk}
    maja.refresh_from_db()
    assert maja.leaving_since


def test_and_brings_it_back_with_a_line_in_the_log_or_not_at_all(maja, shop):
    leave(maja, actor=as_owner(shop))

    with (
        patch("members.privacy.operations.journal.write", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        bring_back(maja, actor=as_owner(shop))
    maja.refresh_from_db()
    assert maja.leaving_since

    for _tap in range(2):
        bring_back(maja, actor=as_owner(shop))
    assert Change.objects.filter(what="member_back").count() == 1
