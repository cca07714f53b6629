"""How an owner ends a programme: two days, what members will read, and what is owed."""

from datetime import UTC, date, datetime

import pytest
from django_scopes import scope

from loyalty import clock
from members.models import Programme
from tests.factories import MembershipFactory
from tests.support.pages import text

pytestmark = pytest.mark.django_db
DAYS = {"collects_until": "2027-02-28", "honoured_until": "2027-05-31"}


@pytest.fixture(autouse=True)
def the_tenth_of_january():
    with clock.at(datetime(2027, 1, 10, 11, tzinfo=UTC)):
        yield


@pytest.fixture
def end_of(shop):
    def end_of(programme):
        with scope(shop=shop):
            found = Programme.objects.get(pk=programme.pk)
        return found.collects_until, found.honoured_until

    return end_of


def test_it_works(ingrid, at, card, end_of):
    answer = ingrid.post(at("end", card.pk), DAYS, follow=True)

    assert "The end is announced. Members are told in a few minutes." in text(answer)
    assert at("call_off_end", card.pk) in answer.content.decode()
    assert end_of(card) == (date(2027, 2, 28), date(2027, 5, 31))


def test_two_days_are_proposed_with_what_members_will_read(ingrid, at, card):
    answer = ingrid.get(at("end", card.pk))

    assert 'value="2027-02-28"' in answer.content.decode()
    assert 'value="2027-05-31"' in answer.content.decode()
    page = text(answer)
    assert "You collect until 28 February, and use what you have until 31 May." in page
    assert "collecting ended on 28 February. Use what you have until 31 May." in page


def test_what_is_owed_stands_there(ingrid, at, card, counter):
    assert "Nobody has anything in it." in text(ingrid.get(at("end", card.pk)))
    MembershipFactory(shop=card.shop, stamps=3, stamps__counter=counter)

    assert "3 stamps on 1 card" in text(ingrid.get(at("end", card.pk)))


def test_too_soon_is_said_beside_the_day(ingrid, at, card, end_of):
    typed = {"collects_until": "2027-01-20", "honoured_until": "2027-01-31"}

    answer = ingrid.post(at("end", card.pk), typed)

    assert answer.status_code == 422
    assert "Members need 30 days at least. Choose 9 February or a later day." in text(answer)
    assert 'value="2027-01-31"' in answer.content.decode()
    assert end_of(card) == (None, None)


def test_the_preview_follows_the_days_and_keeps_nothing(ingrid, at, card, end_of):
    typed = {**DAYS, "honoured_until": "2027-06-30"}

    answer = ingrid.post(at("end_preview", card.pk), typed, headers={"hx-request": "true"})

    assert "use what you have until 30 June." in text(answer)
    assert end_of(card) == (None, None)


def test_the_preview_says_why_days_are_refused(ingrid, at, card):
    typed = {"collects_until": "2027-01-20", "honoured_until": "2027-01-31"}

    answer = ingrid.post(at("end_preview", card.pk), typed, headers={"hx-request": "true"})

    assert "Members need 30 days at least." in text(answer)


def test_without_script_the_preview_is_the_whole_page(ingrid, at, card):
    answer = ingrid.post(at("end_preview", card.pk), {**DAYS, "honoured_until": "2027-06-30"})

    assert "use what you have until 30 June." in text(answer)


def test_it_can_be_called_off_on_its_page(ingrid, at, card, end_of):
    ingrid.post(at("end", card.pk), DAYS)
    assert "Call it off" in text(ingrid.get(at("programme")))

    answer = ingrid.post(at("call_off_end", card.pk), follow=True)

    assert "Called off. The programme goes on." in text(answer)
    assert end_of(card) == (None, None)


def test_putting_it_off_offers_no_undo_that_would_call_it_off(ingrid, at, card, end_of):
    ingrid.post(at("end", card.pk), DAYS, follow=True)

    answer = ingrid.post(at("end", card.pk), {**DAYS, "honoured_until": "2027-06-30"}, follow=True)

    assert answer.content.decode().count(at("call_off_end", card.pk)) == 1  # "Call it off"
    assert end_of(card) == (date(2027, 2, 28), date(2027, 6, 30))


def test_a_year_nobody_means_is_said_beside_the_day(ingrid, at, card, end_of):
    answer = ingrid.post(at("end", card.pk), {**DAYS, "honoured_until": "9999-12-31"})

    assert answer.status_code == 422
    assert "Check the year." in text(answer)
    assert end_of(card) == (None, None)


def test_once_collecting_is_over_it_cannot(ingrid, at, card, end_of):
    ingrid.post(at("end", card.pk), DAYS)

    with clock.at(datetime(2027, 3, 1, 11, tzinfo=UTC)):
        assert "Call it off" not in text(ingrid.get(at("programme")))
        answer = ingrid.post(at("call_off_end", card.pk), follow=True)

    assert "be called off any more." in text(answer)
    assert end_of(card) == (date(2027, 2, 28), date(2027, 5, 31))


def test_points_end_in_the_same_way(ingrid, at, points, end_of):
    answer = ingrid.post(at("end", points.pk), DAYS, follow=True)

    assert answer.redirect_chain == [(at("points"), 302)]
    assert "Points ends. You collect until 28 February" in text(answer)
    assert end_of(points) == (date(2027, 2, 28), date(2027, 5, 31))


def test_the_posters_page_says_which_promise_ends(ingrid, at, card):
    ingrid.post(at("end", card.pk), DAYS)

    assert "use what you have until 31 May." in text(ingrid.get(at("posters")))


def test_a_manager_reads_it_and_changes_nothing(manager, ingrid, at, card, end_of):
    ingrid.post(at("end", card.pk), DAYS)

    assert "use what you have until 31 May." in text(manager.get(at("programme")))
    assert manager.post(at("call_off_end", card.pk)).status_code == 403
    assert end_of(card)[0]


def test_a_stranger_ends_nothing(stranger, at, card, end_of):
    assert stranger.post(at("end", card.pk), DAYS).status_code == 404

    assert end_of(card) == (None, None)
