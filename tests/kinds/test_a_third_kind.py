"""Adding a kind is a module, its templates and one line: README says so, and this is how it is
known. `beads.py` was written by that list."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django_scopes import scope

from loyalty import keys
from loyalty.actors import Actor, Channel
from members import checks, kinds, programmes
from members.ledger import audit
from tests.factories import MembershipFactory, PaperCardFactory
from tests.kinds import beads
from tests.support.pages import page_of, text_of

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text()
TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture
def third_kind(settings):
    """The installation with one line more."""
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], TEMPLATES]}]
    settings.PROGRAMME_KINDS = {**settings.PROGRAMME_KINDS, "beads": "tests.kinds.beads"}
    kinds.kind.cache_clear()
    yield settings.PROGRAMME_KINDS
    kinds.kind.cache_clear()


@pytest.fixture
def string(third_kind, shop, db):
    """Beads are the shop's only programme."""
    with scope(shop=shop):
        return programmes.start(
            kind="beads", name="Beads", rules={}, actor=Actor(shop, Channel.OWNER)
        )


@pytest.fixture
def maja(string):
    return MembershipFactory(shop=string.shop, name="Maja")


@pytest.fixture
def thread(till, string):
    def post(member, **more):
        asked = {"key": keys.new(), "programme": string.pk, **more}
        return till.post(reverse("counter:stamp", args=[member.counter_code]), asked)

    return post


@pytest.mark.django_db
def test_it_works(thread, till, maja, visitor):
    response = thread(maja)

    assert "Maja: 1 bead. Now 1 bead." in text_of(till.get(response.url))
    card = visitor.get(reverse("card:card", args=[maja.private]))
    assert '<p class="beads">1 bead</p>' in page_of(card)
    assert list(audit.disagreements()) == []


@pytest.mark.django_db
def test_it_can_be_undone_and_stands_among_the_last_ten(thread, till, maja):
    key = keys.new()
    thread(maja, key=key)
    assert "1 bead" in text_of(till.get(reverse("counter:last")))

    response = till.post(reverse("counter:undo", args=[key]), {"key": keys.new()})

    assert "Undone. Maja has 0 beads." in text_of(till.get(response.url))


@pytest.mark.django_db
def test_a_blank_paper_card_becomes_a_members_with_it(thread, string):
    paper = PaperCardFactory(shop=string.shop)
    thread(paper)

    paper.refresh_from_db()
    assert paper.membership is not None


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["card", "code", "history", "settings", "print", "expiring"])
def test_every_page_of_a_card_shows_it(thread, maja, visitor, name):
    thread(maja)

    assert visitor.get(reverse(f"card:{name}", args=[maja.private])).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["join:join", "join:rules"])
def test_whoever_joins_reads_of_it(string, visitor, name):
    page = visitor.get(reverse(name, args=[string.shop.slug]))

    assert page.status_code == 200
    assert "for every visit" in text_of(page)


@pytest.mark.django_db
def test_the_till_keeps_its_form_for_when_there_is_no_connection(string, till):
    assert "Save a bead" in till.get(reverse("counter:shell")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["week", "statement", "members", "flags", "late", "posters"])
def test_the_owners_pages_show_it(thread, maja, ingrid, name):
    thread(maja)

    assert ingrid.get(reverse(f"owner:{name}", args=[maja.shop.slug])).status_code == 200


@pytest.mark.django_db
def test_no_migration_is_needed(third_kind):
    told = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=told)

    assert "No changes detected" in told.getvalue()


# --- The list in the README, and the check that reads the rest ----------------------------------


def touch_list():
    _before, _found, after = README.partition("## Adding a programme kind")
    return after.partition("\n## ")[0]


def test_the_list_names_what_there_is():
    named = re.findall(r"`([\w/.]+?\.py|[\w/]+/)`", touch_list())

    assert {"members/kinds.py", "stampcards/", "rewards/points/"} <= set(named)
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_settings_it_names_are_settings():
    for name in ("PROGRAMME_KINDS", "ROOMS", "INSTALLED_APPS"):
        assert name in touch_list()
        assert hasattr(settings, name)


def test_every_kind_answers_all_that_is_asked(third_kind):
    assert checks.kinds_answer() == []


def test_a_kind_that_leaves_an_answer_out_fails_at_start(third_kind, monkeypatch):
    monkeypatch.delattr(beads, "told")

    assert [error.msg for error in checks.kinds_answer()] == [
        "tests.kinds.beads: told() is missing"
    ]


def test_a_kind_that_wants_to_be_asked_otherwise_fails_at_start(third_kind, monkeypatch):
    monkeypatch.setattr(beads, "standing", lambda membership: "")

    [error] = checks.kinds_answer()
    assert "standing(membership) should be asked as standing(self, account" in error.msg
