"""The journal of erasures, in a file beside the backups.

A restored database is older than what people asked for since. So the worker writes every deletion
into a file that a restore does not touch, and `manage.py replay_erasures` does them once more
before the site opens. A line says which card by its number and the moment it was made, and no more.
"""

import json
import logging
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django_scopes import scope, scopes_disabled

from members.models import Membership
from members.privacy.models import Erasure
from members.privacy.operations import bring_back, erase, leave

log = logging.getLogger("stamkunde.privacy")


@dataclass(frozen=True)
class Replayed:
    """How many cards were deleted, erased and brought back once more, and how many are not here."""

    left: int = 0
    erased: int = 0
    back: int = 0
    unknown: int = 0


def note(now: datetime) -> int:
    """Append what the file does not know yet. Counts lines; one that comes twice does no harm."""
    with scopes_disabled():
        waiting = list(Erasure.objects.to_note().order_by("pk"))
        if not waiting or not _append(Path(settings.ERASURES_FILE), map(_line, waiting)):
            return 0
        for asked in waiting:  # unless it has changed since: then it is written once more
            same = Erasure.objects.to_note().filter(
                pk=asked.pk, erased_at=asked.erased_at, called_off_at=asked.called_off_at
            )
            same.update(noted_at=now)
    return len(waiting)


def _line(asked: Erasure) -> dict[str, Any]:
    return {
        "pseudonym": asked.pseudonym,
        "shop": asked.shop_id,
        "cards": asked.cards,
        "asked_at": _plain(asked.asked_at),
        "called_off_at": _plain(asked.called_off_at),
        "erased_at": _plain(asked.erased_at),
    }


def _plain(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _append(file: Path, lines: Iterable[dict[str, Any]]) -> bool:
    """False: it can't be written now. The worker goes on, says so, and tries again."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        with file.open("a") as journal:
            # What a crash left half written stays on a line of its own.
            journal.writelines(f"\n{json.dumps(line)}\n" for line in lines)
            journal.flush()
            os.fsync(journal.fileno())
    except OSError as trouble:
        log.error("Erasures can't be written to %s: %s", file, trouble)
        return False
    return True


def replay(file: Path, now: datetime) -> Replayed:
    """Do again what the file says, in a database that may be older. Twice changes nothing more."""
    latest = {line["pseudonym"]: line for line in _lines(file)}
    done = Counter(
        _do_again(line, pk, made, now) for line in latest.values() for pk, made in line["cards"]
    )
    return Replayed(*(done[what] for what in ("left", "erased", "back", "unknown")))


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    for written in file.read_text(errors="replace").splitlines():
        with suppress(json.JSONDecodeError):  # half a line; the whole one follows
            yield json.loads(written)


def _do_again(line: dict[str, Any], pk: int, made: str, now: datetime) -> str:
    """What it did, as `Replayed` calls it; "": nothing that was not done already."""
    card = _card(line["shop"], pk, made)
    if card is None:
        return "unknown"
    if card.erased_at:
        return ""
    with scope(shop=card.shop):
        if line["called_off_at"]:
            return _bring_back(card, line["pseudonym"])
        was_here = card.leaving_since is None
        free = not Erasure.objects.filter(pseudonym=line["pseudonym"]).exists()
        asked_at = parse_datetime(line["asked_at"])
        leave(card, asked_at=asked_at, pseudonym=line["pseudonym"] if free else "")
        if line["erased_at"]:
            return "erased" if erase(card, now=now)["cards"] else ""
        return "left" if was_here else ""


def _bring_back(card: Membership, pseudonym: str) -> str:
    """Only what this line deleted: it may have been deleted once more since."""
    stands = Erasure.objects.stands().filter(membership=card, pseudonym=pseudonym)
    if not stands.exists():
        return ""
    bring_back(card)
    return "back"


def _card(shop: int, pk: int, made: str) -> Membership | None:
    """The card, or what it is part of here. None: this database is older, or younger."""
    with scopes_disabled():
        cards = Membership.objects.select_related("shop").filter(shop=shop, joined_at=made)
        card = cards.filter(pk=pk).first()
        return card and card.became
