"""A file is kept to be looked at; then it is brought in, some lines at a time."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django_scopes import scope, scopes_disabled
from django_tasks import task

from loyalty import clock
from loyalty.actors import Actor, Channel
from loyalty.journal import operations as journal
from members.models import Programme
from members.opening import matching
from members.opening.booking import EMPTY, bring_in
from members.opening.models import OpeningFile, OpeningLine
from members.opening.reading import read
from members.refusals import NotStarted

AT_ONCE = 50  # lines that whoever asks waits for; the worker brings in more
BATCH = 250  # lines a task brings in before the next one has its turn
LOOKED_AT_FOR = timedelta(days=1)
LOST_AFTER = timedelta(minutes=10)  # then a task has been lost
State = OpeningLine.State


@transaction.atomic
def look_at(*, upload: bytes, actor: Actor) -> OpeningFile:
    """Keep what a file says, with what would come of each line. Nothing is booked.

    Refused: NotStarted, BadFile.
    """
    shop = actor.shop
    if shop.live_since is None:
        raise NotStarted
    sheet = read(upload, programmes=_by_name(), country=shop.country)
    file = OpeningFile.objects.create(shop=shop, by=actor.person, unused=sheet.unused)
    matched = matching.match(shop, sheet.lines)
    OpeningLine.objects.bulk_create([_kept(file, match) for match in matched], batch_size=500)
    return file


def _by_name() -> dict[str, str]:
    """The pk of each programme; without those of one name, as a heading can't tell them apart."""
    named = Counter(Programme.objects.on().values_list("name", flat=True))
    programmes = Programme.objects.on().in_order()
    return {each.name: str(each.pk) for each in programmes if named[each.name] == 1}


def _kept(file: OpeningFile, match: matching.Match) -> OpeningLine:
    line = match.line
    refused = line.refusal
    return OpeningLine(
        shop=file.shop,
        file=file,
        number=line.number,
        name=line.name,
        phone=line.phone,
        email=line.email,
        code=line.code,
        balances=dict(line.balances),
        state=State.REFUSED if refused else State.WAITING,
        refusal=refused.stored() if refused else None,
        membership=match.card,
    )


def bring_all_in(*, file: OpeningFile, actor: Actor) -> None:
    """Book every line that waits. A small file is done when this returns; else the worker goes on.

    Asked twice, it happens once.
    """
    if not _ask(file, actor):
        return
    if _waiting(file).count() > AT_ONCE:
        go_on.enqueue(file.pk)
    else:
        bring_some_in(file, AT_ONCE)


@transaction.atomic
def _ask(file: OpeningFile, actor: Actor) -> bool:
    now = clock.now()
    first = OpeningFile.objects.filter(pk=file.pk, asked_at=None).update(
        asked_at=now, by=actor.person
    )
    if first:
        file.refresh_from_db()
        OpeningLine.objects.refused().filter(file=file).update(**EMPTY)
        lines = {"lines": _waiting(file).count()}
        journal.write(actor, "members_imported", after=lines)
    return bool(first)


@task()
def go_on(file: int) -> None:
    """The next lines of a file. Lost or doubled it does no harm: the rows are the truth."""
    with scopes_disabled():
        found = OpeningFile.objects.select_related("shop", "by").filter(pk=file).first()
    if found and found.done_at is None and not bring_some_in(found, BATCH):
        go_on.enqueue(file)


def bring_some_in(file: OpeningFile, most: int) -> bool:
    """At most so many lines that wait, in their order. Returns whether all are decided now."""
    actor = Actor(file.shop, Channel.OWNER, person=file.by)
    with scope(shop=file.shop):
        for line in _waiting(file).order_by("number")[:most]:
            bring_in(line, actor=actor)
        if _waiting(file).exists():
            return False
        OpeningFile.objects.filter(pk=file.pk, done_at=None).update(done_at=clock.now())
        return True


def _waiting(file: OpeningFile) -> QuerySet[OpeningLine]:
    return OpeningLine.objects.waiting().filter(file=file)


def pass_time(now: datetime) -> None:
    """Throw away what nobody asked for within a day, and the e-mail of a card that somebody has;
    take up what a lost task has left."""
    with scopes_disabled():
        OpeningLine.objects.brought_in().exclude(email="").filter(
            membership__unclaimed=False
        ).update(email="")
        open_files = OpeningFile.objects.filter(done_at=None)
        for file in open_files.filter(asked_at=None, read_at__lt=now - LOOKED_AT_FOR):
            discard(file)
        left = open_files.filter(asked_at__lt=now - LOST_AFTER)
        pks = list(left.values_list("pk", flat=True))
    for pk in pks:
        go_on.enqueue(pk)


@transaction.atomic
def discard(file: OpeningFile) -> bool:
    """It is not brought in, and nothing of it is kept. False: somebody asked for it before."""
    # Locked, because rows are found first and deleted by their number then.
    unasked = OpeningFile.objects.select_for_update().filter(pk=file.pk, asked_at=None).first()
    if unasked:
        unasked.delete()
    return unasked is not None
