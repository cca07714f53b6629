"""Norwegian and Danish say everything, and nothing else than the source does."""

import polib
import pytest

from loyalty.languages import compile_languages
from tests.running.parts import GETTEXT
from tests.support import catalogues
from tests.support.needs import need

pytestmark = pytest.mark.once

each_language = pytest.mark.parametrize("language", catalogues.LANGUAGES)


@each_language
def test_everything_is_translated_and_nothing_is_fuzzy(language):
    assert not catalogues.incomplete(catalogues.catalogue(language))


@each_language
def test_placeholders_are_the_same(language):
    assert not catalogues.changed_placeholders(catalogues.catalogue(language))


@pytest.fixture(scope="module")
def today(tmp_path_factory):
    need(GETTEXT)
    return catalogues.extracted(tmp_path_factory.mktemp("messages"))


@pytest.mark.xdist_group("makemessages")
@each_language
def test_the_catalogue_holds_exactly_what_the_source_says(language, today):
    written = {catalogues.key(entry) for entry in catalogues.living(catalogues.catalogue(language))}

    assert not today - written, "new sentences: run makemessages and translate them"
    assert not written - today, "sentences nobody says any more: run makemessages"


# The controls.


def one_entry(**fields):
    po = polib.POFile()
    po.append(polib.POEntry(**fields))
    return po


@pytest.mark.parametrize(
    "fields",
    [
        {"msgid": "Stamp", "msgstr": ""},
        {"msgid": "Stamp", "msgstr": "Stempel", "flags": ["fuzzy"]},
        {"msgid": "a", "msgid_plural": "b", "msgstr_plural": {0: "x", 1: ""}},
    ],
)
def test_a_gap_is_noticed(fields):
    assert catalogues.incomplete(one_entry(**fields))


@pytest.mark.parametrize(
    "fields",
    [
        {"msgid": "Hi %(name)s", "msgstr": "Hei %(navn)s"},
        {"msgid": "Hi {name}", "msgstr": "Hei"},
        {"msgid": "one", "msgid_plural": "%(n)s", "msgstr_plural": {0: "en", 1: "%(m)s"}},
    ],
)
def test_a_changed_placeholder_is_noticed(fields):
    assert catalogues.changed_placeholders(one_entry(**fields))


def test_a_singular_may_do_without_its_number():
    fields = {"msgid": "one", "msgid_plural": "%(n)s", "msgstr_plural": {0: "en", 1: "%(n)s"}}
    assert not catalogues.changed_placeholders(one_entry(**fields))


# Compiling.


@pytest.fixture
def locale(tmp_path):
    folder = tmp_path / "da" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    (folder / "django.po").write_text(f'#, fuzzy\n{header}\nmsgid "Card"\nmsgstr "Kort"\n')
    return tmp_path


def test_a_fuzzy_header_does_not_silence_a_catalogue(locale):
    (compiled,) = compile_languages(locale)

    assert [entry.msgstr for entry in polib.mofile(str(compiled))] == ["Kort"]


def test_what_has_not_changed_is_not_compiled_again(locale):
    assert len(compile_languages(locale)) == 1
    assert compile_languages(locale) == []
