"""Every answer held against the books, and the books against the model.

    lost         we said "done", and the books do not
    doubled      the books say it twice, or nobody asked for it
    mismatched   an answer, an entry or an order that can't be: each with its reason
    refused      by reason; each must have been right at a moment between question and answer

All of it in the order of commits. A refusal books nothing, so it has no place on any account: it
is justified if one of the states it may have seen justifies it. Those begin with the last thing
that was answered before it was asked, and end where it was written down.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from tests.storm.asking import Act
from tests.storm.books import Booked, Books
from tests.storm.model import CANCELLED, HANDED, Deed, Illegal, Line, Model, Name
from tests.storm.shop import COST, PER_MEMBER, a_year_later

ASIDE = "set_aside"  # the books keep that a key was used for nothing
NOT_THERE = ("reward_not_ready", "early_not_held")  # of a reward, and of what was reserved
# How an answer tells what the card has by it.
NOW = {"stamp": re.compile(r"Now (\d+) of"), "earn": re.compile(r"Now (\d+) point")}
NOT_STORED = "card moved"  # the till found no card of that code, and asked nothing


@dataclass
class Verdict:
    asked: int = 0
    done: int = 0
    by_itself: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    mismatched: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)  # was never answered, or with an error
    books: list[str] = field(default_factory=list)  # what check_ledger says

    @property
    def wrong(self) -> list[str]:
        parts = ("lost", "doubled", "mismatched", "failed", "books")
        return [f"{part}: {line}" for part in parts for line in getattr(self, part)]


@dataclass
class Window:
    """A refusal, and the states it may have seen: after so many operations.

    `card` is the one it was about: the link of a card that was merged leads to what it became.
    """

    act: Act
    reason: str
    card: str
    first: int
    last: int


def judge(acts: list[Act], books: Books, places: int) -> Verdict:
    verdict = Verdict(asked=len(acts))
    booked = {each.key: each for each in books.operations}
    verdict.done = sum(act.done for act in acts)
    for act in acts:
        _compare_answer(act, booked, verdict)
    verdict.doubled += _nobody_asked(acts, books)
    order = Order(acts, books)
    verdict.mismatched += order.disagreements()
    _replay(acts, books, order, Model(places), verdict)
    return verdict


def _compare_answer(act: Act, booked: dict[UUID, Booked], verdict: Verdict) -> None:
    known = [booked[key] for key in act.keys if key in booked]
    stands = [each for each in known if _is_done(each)]
    if len(stands) > 1:
        verdict.doubled.append(f"{act}: {len(stands)} times, after {act.tries} tries")
    elif act.done and not stands:
        verdict.lost.append(str(act))
    elif act.reply and not act.done and stands:
        verdict.mismatched.append(f"{act}: done, and answered {act.essence(act.reply)}")
    if act.reply is None:
        verdict.failed.append(f"{act}: no answer after {act.tries} tries")
    elif not act.done:
        reason = next((each.refused for each in known if each.refused), NOT_STORED)
        verdict.refused[f"{act.kind}: {reason}"] += 1
    verdict.mismatched += [f"{act}: {line}" for line in act.wrong]


def _is_done(booked: Booked) -> bool:
    return not booked.refused and booked.kind != ASIDE


def _nobody_asked(acts: list[Act], books: Books) -> Iterator[str]:
    asked = {key for act in acts for key in act.keys}
    for each in books.operations:
        if each.key not in asked and not each.by_itself:
            yield f"{each.kind} {each.key} on {each.card}: nobody asked for it"


class Order:
    """When something was asked and answered, against its place in the books."""

    def __init__(self, acts: list[Act], books: Books) -> None:
        self.books = books
        self.place = {each.key: place for place, each in enumerate(books.operations)}
        placed = [act for act in acts if act.keys and act.keys[-1] in self.place]
        by_answer = sorted(placed, key=lambda act: act.answered)
        self.answered = [act.answered for act in by_answer]
        self.latest = _so_far(max, (self._of(act) for act in by_answer))
        by_question = sorted(placed, key=lambda act: -act.sent)
        self.sent = [-act.sent for act in by_question]
        self.earliest = _so_far(min, (self._of(act) for act in by_question))
        self.placed = placed

    def _of(self, act: Act) -> int:
        return self.place[act.keys[-1]]

    def before(self, act: Act) -> int:
        """How many operations had been committed for certain when this one was asked."""
        known = bisect_left(self.answered, act.sent)
        return self.latest[known - 1] + 1 if known else 0

    def window(self, act: Act) -> Window:
        if act.keys[-1] in self.place:
            place = self._of(act)
            booked = self.books.operations[place]
            return Window(act, booked.refused or NOT_STORED, booked.card, self.before(act), place)
        later = bisect_left(self.sent, -act.answered)
        last = self.earliest[later - 1] if later else len(self.books.operations)
        return Window(act, NOT_STORED, act.asked.get("card", ""), self.before(act), last)

    def disagreements(self) -> Iterator[str]:
        """What was asked after an answer comes after it; and so it stands on every account."""
        for act in self.placed:
            if self._of(act) < self.before(act) and act.sent > 0:
                yield f"{act}: asked later, and booked earlier than what was answered before"
        for (card, kind), places in self.books.sequence.items():
            if places != sorted(places):
                yield f"{kind} of {card}: its entries are not in the order of commits"


def _so_far(better: type[max] | type[min], places: Iterable[int]) -> list[int]:  # type: ignore[valid-type]
    found: list[int] = []
    for place in places:
        found.append(better(place, found[-1]) if found else place)  # type: ignore[operator]
    return found


def _replay(acts: list[Act], books: Books, order: Order, model: Model, verdict: Verdict) -> None:
    asked = {key: act for act in acts for key in act.keys}
    waiting = _windows(acts, order)
    for place, booked in enumerate([*books.operations, None]):
        verdict.mismatched += _justify(waiting, place, model, books)
        if booked is None or not _is_done(booked):
            continue
        try:
            deed = _do(model, booked, asked.get(booked.key), books)
        except (Illegal, LookupError) as wrong:
            verdict.mismatched.append(f"{booked.kind} {booked.key}: accepted, but {wrong!r}")
            return  # what comes after it would be told about another shop
        verdict.by_itself += booked.by_itself and bool(booked.lines)
        if _by_account(deed.lines) != _by_account(booked.lines):
            verdict.mismatched.append(
                f"{booked.kind} {booked.key}: booked {booked.lines}, not {deed.lines}"
            )
            return
        act = asked.get(booked.key)
        if act and act.client >= 0:  # what the shop opened with was told to nobody
            verdict.mismatched += _told(act, deed)
    verdict.mismatched += _at_the_end(model, books)


def _told(act: Act, deed: Deed) -> Iterator[str]:
    """A till tells what the card has by what was given. That is what it has right after it."""
    if act.kind not in NOW or not act.reply or not act.reply.done or not deed.card:
        return
    account = deed.card.stamps if act.kind == "stamp" else deed.card.points
    told = NOW[act.kind].findall(act.reply.said)
    if told[-1:] != [str(account.balance)]:
        yield f"{act}: was told {act.reply.said!r}, and there were {account.balance}"


def _windows(acts: list[Act], order: Order) -> list[Window]:
    refused = (order.window(act) for act in acts if act.reply and not act.done)
    return sorted(refused, key=lambda window: window.first)


def _justify(waiting: list[Window], place: int, model: Model, books: Books) -> Iterator[str]:
    """Let go of the refusals this state justifies; tell of those no state did."""
    for window in [each for each in waiting if each.first <= place]:
        if _is_right(window, model, books):
            waiting.remove(window)
        elif window.last <= place:
            waiting.remove(window)
            said = window.act.reply and window.act.reply.said
            yield f"{window.act}: refused without need: {window.reason} on {window.card}: {said}"


def _is_right(window: Window, model: Model, books: Books) -> bool:
    act, reason = window.act, window.reason
    named = [model.cards.get(act.asked[name]) for name in ("card", "gone") if name in act.asked]
    cards = [card for card in named if card]
    if reason in (NOT_STORED, "card_is_another", "not_mergeable") and any(c.became for c in cards):
        return True
    if act.kind in ("claim", "reserve"):
        return window.card in model.cards and _is_right_of_choice(window, model)
    if act.kind in ("hand over", "let go"):
        return _is_right_of_claim(window, model, books)
    if act.kind in ("undo", "refund") and act.asked["deed"] in model.deeds:
        done = model.deeds[act.asked["deed"]]
        return reason in model.why_not_back(done, owe=act.kind == "refund")
    return False


def _is_right_of_choice(window: Window, model: Model) -> bool:
    card = model.cards[window.card]
    if window.act.kind == "claim":
        return window.reason == "points_missing" and card.points.balance < COST
    return (window.reason == "reward_sold_out" and not model.places) or (
        window.reason == "reward_limit_reached" and card.reserved >= PER_MEMBER
    )


def _is_right_of_claim(window: Window, model: Model, books: Books) -> bool:
    name = books.claims[window.act.asked["claim"]]
    if not model.issued(name):
        return False
    claim = model.claim_of(name)
    elsewhere = claim.card.code != window.card
    if window.reason == "already_used":
        return claim.state == HANDED
    if window.reason in NOT_THERE:
        return claim.state == CANCELLED or elsewhere
    return window.reason == NOT_STORED and elsewhere


def _do(model: Model, booked: Booked, act: Act | None, books: Books) -> Deed:
    """Let the same happen in the model. Raises Illegal."""
    deed = Deed(booked.key, act.kind if act else booked.kind, None, booked.day)
    if act:
        _do_asked(model, deed, booked, act, books)
    elif booked.expired:
        model.expire(deed, *booked.expired)
    elif booked.thanked_for:
        model.thank(deed, booked.card, booked.thanked_for, a_year_later(booked.day))
    elif booked.took_back:
        model.take_thanks_back(deed, booked.card, booked.took_back)
    model.deeds[deed.key] = deed
    return deed


def _do_asked(model: Model, deed: Deed, booked: Booked, act: Act, books: Books) -> None:
    asked = act.asked
    until = asked.get("until") or a_year_later(booked.day)
    match act.kind:
        case "join":
            model.join(deed, booked.card_made, asked["friend_of"])
        case "stamp":
            model.stamp(deed, asked["card"], asked["given"], until)
        case "earn":
            model.earn(deed, asked["card"], asked["given"], until)
        case "claim":
            model.claim(deed, booked.card)
        case "hand over":
            model.hand_over(deed, asked["card"], books.claims[asked["claim"]])
        case "reserve":
            model.reserve(deed, booked.card)
        case "let go":
            model.let_go(deed, booked.card, books.claims[asked["claim"]])
        case "merge":
            model.merge(deed, asked["card"], asked["gone"])
        case "undo" | "refund":
            model.take_back(deed, asked["deed"], owe=act.kind == "refund")


def _by_account(lines: list[Line]) -> dict[Name, list[tuple[str, int]]]:
    found: dict[Name, list[tuple[str, int]]] = defaultdict(list)
    for name, kind, amount in lines:
        found[name].append((kind, amount))
    return found


def _at_the_end(model: Model, books: Books) -> Iterator[str]:
    for name, (balance, owed) in books.balances.items():
        account = model.account(name)
        if (account.balance, account.owed) != (balance, owed):
            yield f"{name}: {balance} and owes {owed}, not {account.balance} and {account.owed}"
    for claim, (state, card) in books.states.items():
        there = model.claim_of(claim)
        if (there.state, there.card.code) != (state, card):
            yield f"reward {claim}: {state} on {card}, not {there.state} on {there.card.code}"
    if model.due:
        yield f"nobody was thanked, or not taken back, for the purchases of {model.due}"
