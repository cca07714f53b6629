"""What a stamp card shows of itself: on the card page, at the counter, in the rules."""

from dataclasses import replace
from datetime import date, datetime

from django.db.models import Q, QuerySet

from loyalty.calendar import months_after
from loyalty.models import Shop
from members.kinds import Busy, Giving, Prize
from members.ledger.models import Account, LedgerEntry, local_day
from members.models import Programme, RuleVersion
from members.rooms import News, Panel
from rewards import law
from stampcards import rules_text, telling, trades, worth
from stampcards.counter import stamping
from stampcards.faces import CardFace
from stampcards.operations import CARD_FULL, LEVEL
from stampcards.rules import StampRules

Kind = LedgerEntry.Kind

# --- At the counter -----------------------------------------------------------------------

DEEDS = ("add_stamps",)
counter_form, give, book = stamping.counter_form, stamping.give, stamping.book
saving_panel, asked_words = stamping.saving_panel, stamping.asked_words
told, deed = stamping.told, stamping.deed


def counter_sheet(account: Account, now: datetime) -> Panel:
    """What staff see of an account, and the form to stamp it."""
    return Panel("counter/_stamps.html", stamping.panel(account, now))


# --- Everywhere else ----------------------------------------------------------------------


def card_panel(account: Account, *, new: int = 0, latest_reason: str = "") -> Panel:
    """The card itself. `new` stamps have just landed; `latest_reason` is of its latest entry.

    Needs account.programme and rule_version.
    """
    face = face_of(account, new=new)
    if latest_reason == LEVEL:
        return _card(replace(face, words=telling.begun_with(face.done)))
    return _card(replace(face, restarted=face.restarted or latest_reason == CARD_FULL))


def standing(account: Account) -> str:
    """4 of 9."""
    return telling.standing(account.balance, StampRules.read(account.rule_version.rules).need)


def amount_words(version: RuleVersion, n: int) -> str:
    """2 stamps."""
    return telling.amount(n)


def rules_for_more(account: Account, at: datetime) -> RuleVersion:
    """A card in progress keeps the rules it started with."""
    return account.rule_version


def nearly_there(programme: Programme, now: datetime) -> QuerySet[Account]:
    """One stamp is missing. Nobody, on a day this card can't be stamped.

    One query for the rules of all the cards in progress.
    """
    near = Q(pk__in=[])
    today = local_day(programme.shop, now)
    for version in RuleVersion.objects.filter(programme=programme):
        rules = StampRules.read(version.rules)
        if rules.runs_on(today):
            near |= Q(rule_version=version, balance=rules.need - 1)
    return Account.objects.filter(near, programme=programme, shortfall=0)


def lasts_until(version: RuleVersion, day: date) -> date | None:
    """The last good day of a stamp given on this one. None: it does not run out."""
    months = StampRules.read(version.rules).expires_months
    return months_after(day, months) if months else None


def nearest(account: Account) -> str:
    """3 to go: Any hot drink. "" on an empty card."""
    rules = StampRules.read(account.rule_version.rules)
    missing = max(rules.need - account.balance, 0)
    return telling.to_go(missing, rules.reward) if account.balance else ""


def good_to_know(account: Account) -> list[str]:
    """How to earn, and what earns one more."""
    rules = StampRules.read(account.rule_version.rules)
    lines = [rules_text.earning(account.shop, rules)]
    return [*lines, telling.one_more(rules.extra_for)] if rules.extra_for else lines


def news(account: Account, entries: list[LedgerEntry]) -> News | None:
    """What just happened: stamps that landed, the card they filled, or a correction.

    Entries in order, with operation, visit and rule_version; the latest decides what is said.
    """
    face = face_of(account)
    if entries[-1].kind in (Kind.REVERSE, Kind.ADJUST):
        return News(telling.corrected(face.done, face.need), _card(face))
    stamps = [entry for entry in entries if entry.kind == Kind.EARN and entry.reason != LEVEL]
    given = sum(entry.amount for entry in stamps)
    if full := [entry for entry in entries if entry.reason == CARD_FULL]:
        return _filled(face, full[-1], given)
    if not stamps:
        return News(telling.changed(face.done, face.need), _card(face))
    words = telling.landed(given, telling.place(stamps[-1]), face.done, face.need)
    return News(words, _card(replace(face, new=min(given, face.done))))


def _filled(face: CardFace, turn: LedgerEntry, given: int) -> News:
    """The card that filled, once more, before the next one takes its place."""
    rules = StampRules.read(turn.rule_version.rules)
    full = replace(
        face,
        need=rules.need,
        done=rules.need,
        new=min(given, rules.need),
        reward=rules.reward,
        restarted=False,
    )
    return News(full.sentence, _card(full))


def history_words(entry: LedgerEntry) -> str:
    """One earning or spending, for the history."""
    return telling.line(entry)


def joining_panel(shop: Shop, programme: Programme, version: RuleVersion) -> Panel:
    """The card as it will be, with what waits on it."""
    rules = StampRules.read(version.rules)
    face = preview(shop, programme.name, rules)
    return _card(replace(face, words=telling.waiting(rules.welcome), id=f"card-{programme.pk}"))


def prizes(shop: Shop, programme: Programme, version: RuleVersion) -> list[Prize]:
    """What a full card is good for."""
    rules = StampRules.read(version.rules)
    return [Prize(rules.reward, telling.amount(rules.need))]


def invitation(shop: Shop, version: RuleVersion) -> str:
    """Free to join, and what one starts with."""
    return telling.invitation(StampRules.read(version.rules).welcome)


def _card(face: CardFace) -> Panel:
    return Panel("stampcards/_card.html", {"face": face})


def rules_lines(shop: Shop, version: RuleVersion) -> list[str]:
    """The rules in plain sentences."""
    return rules_text.lines(shop, StampRules.read(version.rules))


def headline(shop: Shop, version: RuleVersion) -> str:
    """The promise in one line."""
    return trades.headline(shop.trade, StampRules.read(version.rules))


def small_print(shop: Shop, version: RuleVersion) -> str:
    """What must stand wherever the promise stands, or ""."""
    return law.exception(shop)


def outstanding_minor(programme: Programme, now: datetime) -> int:
    """What the stamps on part-filled cards would cost the shop, in minor units."""
    return worth.outstanding_minor(programme)


def reckoning(programme: Programme, now: datetime) -> str:
    """Needs no words: a part-filled card counts for the part that is filled."""
    return ""


def givings(programme: Programme, busy: Busy, now: datetime) -> list[Giving]:
    """What stamps cost the shop in such a month."""
    return list(worth.givings(programme, busy, now))


def preview(shop: Shop, name: str, rules: StampRules) -> CardFace:
    """A card nobody has yet, as it will look on the day somebody joins."""
    return CardFace(
        name=name,
        shop=shop.name,
        icon=trades.CARDS[trades.Trade(shop.trade)].icon,
        need=rules.need,
        done=rules.welcome,
        reward=rules.reward,
        promise=_promise(shop, rules),
        id="preview",
    )


def face_of(account: Account, *, new: int = 0) -> CardFace:
    rules = StampRules.read(account.rule_version.rules)
    shop = account.shop
    return CardFace(
        name=account.programme.name,
        shop=shop.name,
        icon=trades.CARDS[trades.Trade(shop.trade)].icon,
        need=rules.need,
        done=account.balance,
        new=new,
        reward=rules.reward,
        promise=_promise(shop, rules),
        restarted=account.cycle > 0 and account.balance == 0,
        id=f"card-{account.pk}",
    )


def _promise(shop: Shop, rules: StampRules) -> str:
    return f"{trades.headline(shop.trade, rules)}."
