"""Two stamp cards and points beside each other, each on its own page."""

import pytest
from django.urls import reverse
from django_scopes import scope

from members.models import Programme
from stampcards.rules import StampRules
from tests.dashboard.test_programme import text
from tests.factories import MembershipFactory, ProgrammeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]


@pytest.fixture
def lunch(shop, card):
    return ProgrammeFactory(shop=shop, name="Lunch card", rules__need=5)


@pytest.fixture
def points(card, points):
    return points


@pytest.fixture
def typed(ingrid, at):
    """What the form of a new card sends as it is proposed, but for `more`."""

    def data(**more):
        now = ingrid.get(at("new_card")).context["form"].initial
        plain = {name: "" if value is None else value for name, value in now.items()}
        return plain | {"worth": "40", "average": "50", "minimum": "25"} | more

    return data


def links(answer):
    """The row of links: what each says, and whether it is this page."""
    row = text(answer).split('<nav aria-label="Programme">')[1].split("</nav>")[0]
    found = []
    for part in row.split("<a ")[1:]:
        head, words = part.split(">", 1)
        plain = words.replace('<span class="count">', "").split("</a>")[0].split("</svg>")[-1]
        found.append((plain.replace("</span>", "").strip(), "aria-current" in head))
    return found


def test_it_works(*, ingrid, at, typed, shop, card, member):
    page = ingrid.post(at("new_card"), typed(title="Lunch card", need="11"), follow=True)

    assert "The card is there, and every member has one." in text(page)
    with scope(shop=shop):
        added = Programme.objects.get(name="Lunch card")
        assert StampRules.read(added.versions.get().rules).need == 11
        assert member.accounts.count() == 2
    assert page.redirect_chain == [(at("card", added.pk), 302)]
    assert ("Lunch card", True) in links(page)


def test_a_double_tap_adds_one(ingrid, at, typed, shop):
    sent = typed(title="Lunch card")
    for _tap in range(2):
        assert ingrid.post(at("new_card"), sent).status_code == 302

    with scope(shop=shop):
        assert Programme.objects.count() == 2


def test_a_name_that_another_card_has_is_refused(ingrid, at, typed, shop, card):
    answer = ingrid.post(at("new_card"), typed(title=card.name, need="11"))

    assert answer.status_code == 422
    assert "You have a card with this name. Choose another one." in text(answer)
    with scope(shop=shop):
        assert Programme.objects.count() == 1


def test_the_proposed_name_is_free(ingrid, at, shop, card):
    first = ingrid.get(at("new_card")).context["form"].initial["title"]
    ProgrammeFactory(shop=shop, name=first)

    assert ingrid.get(at("new_card")).context["form"].initial["title"] == f"{first} 2"


def test_the_preview_of_a_new_card_keeps_nothing(ingrid, at, typed, shop):
    sent = typed(need="4")
    part = ingrid.post(at("new_card_preview"), sent, headers={"hx-request": "true"})
    whole = ingrid.post(at("new_card_preview"), sent)

    assert "of 4" in text(part)
    assert "<html" in text(whole)
    with scope(shop=shop):
        assert Programme.objects.count() == 1


def test_every_page_says_where_it_is(ingrid, at, card, lunch, points):
    both = [card.name, "Lunch card"]
    added = ["Points", "Rewards", "Levels", "Birthday", "Friends"]
    everywhere = [*both, *added, "Add a stamp card"]

    for address, name in [
        (at("programme"), card.name),
        (at("card", card.pk), card.name),
        (at("card", lunch.pk), "Lunch card"),
        (at("points"), "Points"),
        (at("new_card"), "Add a stamp card"),
    ]:
        row = links(ingrid.get(address))
        assert [words for words, _here in row] == everywhere
        assert [words for words, here in row if here] == [name]


def test_what_is_off_says_so_in_the_row(ingrid, at, card):
    ingrid.post(at("switch_off", card.pk))

    assert links(ingrid.get(at("points")))[:2] == [
        (f"{card.name} Off", False),
        ("Points Off", True),
    ]


def test_each_card_is_changed_on_its_own(ingrid, at, shop, card, lunch):
    form = ingrid.get(at("card", lunch.pk)).context["form"]
    sent = {name: "" if value is None else value for name, value in form.initial.items()}
    sent |= {"worth": "40", "average": "50", "minimum": "25", "reward": "A soup"}

    answer = ingrid.post(at("card", lunch.pk), sent)

    assert answer.url == at("card", lunch.pk)
    with scope(shop=shop):
        assert lunch.versions.latest("number").rules["reward"] == "A soup"
        assert card.versions.count() == 1


def test_each_is_paused_on_its_own(ingrid, at, card, lunch, points):
    for programme, page in [(lunch, at("card", lunch.pk)), (points, at("points"))]:
        answer = ingrid.post(at("pause", programme.pk))

        assert answer.url == page
        shown = text(ingrid.get(page))
        assert "On pause since" in shown
        assert at("resume", programme.pk) in shown

    assert "Running" in text(ingrid.get(at("programme")))


def test_switching_off_is_undone_from_its_message(ingrid, at, card):
    page = text(ingrid.post(at("switch_off", card.pk), follow=True))

    assert "Switched off. What members have is kept." in page
    assert f'action="{at("switch_on", card.pk)}"' in page
    assert "Off since" in page
    assert "Switch on" in page

    page = text(ingrid.post(at("switch_on", card.pk), follow=True))

    assert "Switched on. Every member sees it." in page
    assert "Running" in page


def test_whoever_joined_meanwhile_has_it_when_it_is_on_again(ingrid, at, shop, card, points):
    ingrid.post(at("switch_off", card.pk))
    late = MembershipFactory(shop=shop)
    with scope(shop=shop):
        assert [account.programme for account in late.accounts.all()] == [points]

    ingrid.post(at("switch_on", card.pk))

    with scope(shop=shop):
        assert {account.programme for account in late.accounts.all()} == {card, points}


def test_points_have_no_page_of_a_card(ingrid, at, points):
    assert ingrid.get(at("card", points.pk)).status_code == 404
    assert ingrid.post(at("use_version", points.pk, 1)).status_code == 404


def test_an_address_of_a_form_leads_to_the_page_of_its_programme(ingrid, at, lunch, points):
    assert ingrid.get(at("card_preview", lunch.pk)).url == at("card", lunch.pk)
    assert ingrid.get(at("pause", lunch.pk)).url == at("card", lunch.pk)
    assert ingrid.get(at("switch_off", points.pk)).url == at("points")
    assert ingrid.get(at("use_rules", 1)).url == at("points")


def test_a_manager_looks_at_all_and_adds_nothing(manager, at, lunch):
    page = manager.get(at("card", lunch.pk))

    assert "Only the owner can change the card." in text(page)
    assert "Add a stamp card" not in text(page)
    assert manager.get(at("new_card")).status_code == 403
    assert manager.post(at("switch_off", lunch.pk)).status_code == 403


def test_a_stranger_finds_no_card(stranger, at, lunch, next_door_card, next_door):
    assert stranger.get(at("card", lunch.pk)).status_code == 404
    assert stranger.post(at("switch_off", lunch.pk)).status_code == 404
    assert stranger.post(at("new_card")).status_code == 404
    theirs = reverse("owner:card", args=[next_door.slug, lunch.pk])
    assert stranger.get(theirs).status_code == 404
    assert stranger.post(reverse("owner:pause", args=[next_door.slug, lunch.pk])).status_code == 404
    with scope(shop=lunch.shop):
        lunch.refresh_from_db()
    assert lunch.off_since is None
    assert lunch.paused_since is None
