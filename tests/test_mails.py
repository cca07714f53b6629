"""Every mail of the house, read in three languages as it goes out."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import _trans

from members.messages import mailing
from members.messages.links import stop_link
from members.messages.models import Message
from members.messages.reading import sentence
from tests.factories import MembershipFactory
from tests.members.notices.conftest import proved_person
from tests.support import catalogues

pytestmark = pytest.mark.django_db

TEMPLATES = Path(settings.BASE_DIR) / "templates"
MAILS = sorted(
    str(path.relative_to(TEMPLATES)).removesuffix("_message.txt")
    for path in TEMPLATES.glob("**/*_message.txt")
    if not path.name.startswith("base_")
)
OF_CARDS = [mail for mail in MAILS if (TEMPLATES / f"{mail}_card.txt").exists()]
LANGUAGES = ["en-gb", "nb", "da"]
LINE = 78

# Names, amounts and days, with the signs a name may have.
NAME = {"name": "Søs & <Ola>", "shop": "Kaffe & Kardemomme"}
PLACE = {"counter": "Disk & dør", "n": 30, "tries": 5, "code": "482913"}
LEVEL = {"level": "Gull & <gry>", "missing": 2, "unit": ["visit"], "until": "2027-03-30"}
EARLY = {"at": "2027-03-30T15:00:00+00:00", "zone": "Europe/Oslo", "price": "89 kr"}
REWARD = {"title": "Bolle & <te>", "expires_on": "2027-03-30"}
ENDS = {"card": "Kort & <klipp>", "day": "2027-02-28"}
WORK = {
    "inviter": "Søs & <Ola>",
    "role": 2,
    "places": "Torget",
    "invitation": "https://x.example/i",
}
ASKED = {
    "page": "https://x.example/o/kaffe/settings/",
    "people": "https://x.example/o/kaffe/people/",
}
FRIEND = {"what": {"behaviour": "thing", "title": "Bolle & <te>"}}
SAMPLE = {**NAME, **PLACE, **LEVEL, **EARLY, **REWARD, **ENDS, **FRIEND, **WORK, **ASKED}


@pytest.fixture
def values(in_shop, card):
    """What a mail is given, whichever it is; and what every mail about a card gets."""
    person = proved_person("maja@example.no")
    member = MembershipFactory(shop=in_shop, person=person)
    stop = stop_link(member, Message.Purpose.SERVICE)
    runs_out = {"membership": member.pk, "days": ["2027-03-30"]}
    return {
        **SAMPLE,
        **mailing.about(member),
        **runs_out,
        "stop_link": stop,
        "purpose": "service",
        "public_url": settings.PUBLIC_URL,
    }


def test_it_works():
    assert {"account/email/login_code", "members/notices/mail/runs_out"} <= {*MAILS}
    assert "rewards/mail/ready" in OF_CARDS


@pytest.fixture
def written(values):
    """The mail as it goes out, in a language."""

    def written(mail, language):
        with translation.override(language):
            return get_adapter().render_mail(mail, "maja@example.no", values)

    return written


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mail", MAILS)
def test_it_can_be_read_as_plain_text(written, mail, language):
    made = written(mail, language)
    text = f"{made.subject}\n{made.body}"

    assert made.subject
    assert len(made.subject.splitlines()) == 1
    assert not re.search(r"&\w+;|&#|[{}]|%\(|None", text)  # HTML, or a value that was not there
    assert [line for line in made.body.splitlines() if len(line) > LINE and " " in line] == []
    assert "\n\n\n" not in made.body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mail", OF_CARDS)
def test_one_about_a_card_leads_to_it_says_how_to_stop_and_whom_to_answer(
    written, values, mail, language
):
    lines = written(mail, language).body.splitlines()

    for needed in ("link", "stop_link", "settings_link", "answer_to", "shop"):
        assert values[needed] in lines


@pytest.mark.parametrize("mail", OF_CARDS)
def test_on_the_card_it_is_one_sentence(values, mail):
    message = Message(template=mail, values=values)
    words = sentence(message, "card", "Kaffe & Kardemomme")

    assert words.endswith((".", "?", "!"))
    assert "&amp;" not in words


# --- In the reader's language ---


@pytest.fixture
def asked(monkeypatch):
    """Every sentence becomes §§§ and is remembered: what can still be read is in no language."""
    found = []

    def hidden(message, *more):
        found.append(message)
        return re.sub(r"(%\(\w+\)[sd]|%%|\{\w*\})|\w", lambda hit: hit[1] or "§", message)

    monkeypatch.setattr(_trans, "gettext", hidden)
    monkeypatch.setattr(_trans, "ngettext", lambda one, many, n: hidden(many))
    monkeypatch.setattr(_trans, "pgettext", lambda context, message: hidden(message))
    monkeypatch.setattr(_trans, "npgettext", lambda context, one, many, n: hidden(many))
    return found


@pytest.mark.parametrize("mail", MAILS)
def test_no_word_of_it_is_english_for_everybody(values, mail, asked):
    parts = ["subject", "message", *(["card"] if mail in OF_CARDS else [])]
    text = " ".join(render_to_string(f"{mail}_{part}.txt", values) for part in parts)

    assert asked
    for value in _strings(values):
        text = text.replace(value, "")
    assert re.findall(r"[^\W\d_]{2,}", text.replace("Stamkunde", "").replace("kr", "")) == []


def _strings(values):
    """What was put into the sentences, longest first."""
    known = [value for value in values.values() if isinstance(value, str)]
    inner = [value for value in values["what"].values() if isinstance(value, str)]
    return sorted(filter(None, known + inner), key=len, reverse=True)


@pytest.fixture(scope="module")
def said():
    """What a catalogue says for a sentence; nothing for one that is not translated yet."""
    found = defaultdict(dict)
    for language in catalogues.LANGUAGES:
        for entry in catalogues.living(catalogues.catalogue(language)):
            if not entry.fuzzy and all(catalogues.forms(entry)):
                found[language][entry.msgid] = catalogues.forms(entry)
    return found


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
@pytest.mark.parametrize("mail", MAILS)
def test_what_is_translated_stands_there_in_the_readers_words(
    written, said, mail, language, monkeypatch
):
    """`test_translations` says whether anything is not translated yet."""
    heard = []
    gettext = _trans.gettext

    def listening(message):
        heard.append(message)
        return gettext(message)

    monkeypatch.setattr(_trans, "gettext", listening)
    made = written(mail, language)
    text = " ".join(f"{made.subject} {made.body}".split())

    ours = [message for message in dict.fromkeys(heard) if message in said[language]]
    for message in ours:
        first = re.split(r"%\(|%%", said[language][message][0])[0].strip()
        assert first in text
