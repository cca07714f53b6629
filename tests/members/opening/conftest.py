"""A shop with a card and points, and files as a spreadsheet writes them."""

import pytest

from loyalty.actors import Actor, Channel
from loyalty.refusals import from_stored
from members.ledger import audit
from members.opening.models import OpeningLine
from members.opening.operations import bring_all_in, look_at


@pytest.fixture(autouse=True)
def within(in_shop, card):
    yield in_shop
    assert list(audit.disagreements()) == []


@pytest.fixture
def owner(in_shop, ingrid_person):
    return Actor(in_shop, Channel.OWNER, person=ingrid_person)


@pytest.fixture
def look(owner):
    """look("Name,Coffee card", "Maja,5"): what comes of each line, by its number."""

    def look(*rows, encoding="utf-8"):
        upload = rows[0] if isinstance(rows[0], bytes) else "\n".join(rows).encode(encoding)
        return look_at(upload=upload, actor=owner)

    return look


@pytest.fixture
def bring(look, owner):
    """The same, and brought in."""

    def bring(*rows):
        file = look(*rows)
        bring_all_in(file=file, actor=owner)
        file.refresh_from_db()
        return file

    return bring


def told(file):
    """{2: "", 3: "The same as line 2."}: why a line is refused, by its number."""
    return {line.number: why(line) for line in OpeningLine.objects.filter(file=file)}


def why(line):
    return str(from_stored(line.refusal)) if line.refusal else ""
