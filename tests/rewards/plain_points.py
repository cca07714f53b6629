"""Points, a stamp card and rewards once more, in plain Python without a database.

Written from the promises, not from the product's code: what the ledger and the catalogue must
agree with. Lots stand in the order of their making. A refusal is a `No` with the reason's name;
whoever asks puts the world back as it was.
"""

from datetime import date, datetime, timedelta

from tests.rewards.plain_purse import Claim, Done, Entry, No, Offer, Purse, Rules, day_of

GRACE, VOIDABLE = timedelta(days=14), timedelta(days=30)
PARTED_WITHIN = timedelta(hours=24)
NEED = 3  # stamps for a full card; they never run out, nor does what the card brings
STAMPS = Rules()


class World:
    """Some cards of one shop."""

    def __init__(self, cards: int, offers: dict[str, Offer], rules: Rules, began: datetime):
        self.points = [Purse(n) for n in range(cards)]
        self.stamps = [Purse(n) for n in range(cards)]
        self.gone = [False] * cards
        self.offers = offers
        self.stock = {name: offer.stock for name, offer in offers.items()}
        self.versions = [(began, rules)]
        self.claims: list[Claim] = []
        self.done: list[Done] = []
        self.fills: list[Entry] = []  # that stand, of all cards, in order
        self.step = 0

    def _begin(self, kind: str, at: datetime, **more: int) -> Done:
        self.step += 1
        return Done(kind, at, self.step, **more)

    def rules_at(self, at: datetime) -> int:
        begun = [n for n, (since, _rules) in enumerate(self.versions) if since <= at]
        return begun[-1] if begun else 0

    def change(self, rules: Rules, now: datetime) -> None:
        if rules != self.versions[-1][1]:
            self.versions.append((now, rules))

    # --- Earning --------------------------------------------------------------------------------

    def earn(self, card: int, minor: int, at: datetime) -> Done:
        self._in_use(card)
        done = self._begin("earn", at)
        if not self._earn(done, card, minor):
            raise No("NothingEarned")
        return done

    def stamp(self, card: int, n: int, minor: int, at: datetime) -> Done:
        self._in_use(card)
        done, purse, day = self._begin("stamp", at), self.stamps[card], day_of(at)
        done.entries += [purse.add(n, None, STAMPS), *purse.pay(day)]
        self._fill(done, card, day)
        self._earn(done, card, minor)
        return done

    def _in_use(self, card: int) -> None:
        if self.gone[card]:
            raise No("CardIsAnother")

    def _earn(self, done: Done, card: int, minor: int) -> int:
        version, purse, day = self.rules_at(done.at), self.points[card], day_of(done.at)
        rules = self.versions[version][1]
        self._awake(purse, rules, day)
        if n := rules.points(minor):
            done.entries += [purse.add(n, rules.until(day), rules), *purse.pay(day)]
        purse.version = max(purse.version, version)
        return n

    def _awake(self, purse: Purse, now: Rules, day: date) -> None:
        """Something happened: no idle points run out, by the rules of now or of their own day."""
        for lot in purse.good(day):
            for rules in (now, lot.rules):
                if lot.until and rules.expiry == "idle":
                    lot.until = max(lot.until, rules.until(day))

    def _fill(self, done: Done, card: int, day: date) -> None:
        purse = self.stamps[card]
        while purse.spendable(day) >= NEED:
            full = purse.take(NEED, day)
            done.entries.append(full)
            done.fills.append(full)
            self.fills.append(full)
            self.claims.append(Claim(card, done))

    # --- Rewards --------------------------------------------------------------------------------

    def redeem(self, card: int, name: str, at: datetime, *, at_once: bool) -> Done:
        self._in_use(card)
        offer, purse, day = self.offers[name], self.points[card], day_of(at)
        self._may_have(card, name)
        if offer.cost > purse.spendable(day):
            raise No("PointsMissing")
        self._take_one(name)
        done = self._begin("redeem", at)
        purse.version = version = self.rules_at(at)
        rules = self.versions[version][1]
        done.entries.append(purse.take(offer.cost, day))
        self._awake(purse, rules, day)
        claim = Claim(card, done, _days(day, offer.days), name, offer.cost, rules.returns)
        self.claims.append(claim)
        if at_once or offer.bonus:
            claim.state, claim.handed_by = "handed_over", done
        if offer.bonus:
            self._add_bonus(done, card, offer.bonus)
        return done

    def _may_have(self, card: int, name: str) -> None:
        had = [c for c in self.claims if c.card == card and c.offer == name]
        most = self.offers[name].most
        if most is not None and sum(c.state in ("ready", "handed_over") for c in had) >= most:
            raise No("EnoughOfIt")

    def _take_one(self, name: str) -> None:
        if self.stock[name] == 0:
            raise No("SoldOut")
        if self.stock[name] is not None:
            self.stock[name] -= 1

    def _put_back(self, name: str) -> None:
        if self.stock.get(name) is not None:
            self.stock[name] += 1

    def of_card(self, card: int) -> list[Claim]:
        return [claim for claim in self.claims if claim.card == card]

    def _ready(self, claim: Claim, day: date) -> None:
        if not claim.is_ready(day):
            raise No("AlreadyUsed" if claim.state == "handed_over" else "NotReady")

    def choose(self, card: int, claim: Claim, name: str, at: datetime) -> Done:
        self._in_use(card)
        self._ready(claim, day_of(at))
        if claim.cost:
            raise No("NotOffered")
        self._put_back(claim.offer)
        self._take_one(name)
        offer, day = self.offers[name], day_of(at)
        claim.offer, claim.chose, claim.until = name, True, _days(day, offer.days)
        done = self._begin("choose", at)
        if offer.bonus:
            claim.state, claim.handed_by = "handed_over", done
            self._add_bonus(done, card, offer.bonus)
        return done

    def _add_bonus(self, done: Done, card: int, n: int) -> None:
        purse, day = self.points[card], day_of(done.at)
        purse.version = self.rules_at(done.at)
        rules = self.versions[purse.version][1]
        done.entries += [purse.add(n, rules.until(day), rules), *purse.pay(day)]

    def cancel(self, claim: Claim, at: datetime) -> None:
        self._ready(claim, day_of(at))
        if claim.cost:
            self._give_back(claim, "cancelled", at)
        elif claim.chose:
            self._stand_for_its_own(claim)
        else:
            raise No("NothingToUndo")

    def _stand_for_its_own(self, claim: Claim) -> None:
        self._put_back(claim.offer)
        claim.offer, claim.until, claim.chose = "", None, False

    def hand_over(self, claim: Claim, at: datetime) -> Done:
        self._ready(claim, day_of(at))
        done = self._begin("hand_over", at)
        claim.state, claim.handed_by = "handed_over", done
        return done

    def _give_back(self, claim: Claim, state: str, at: datetime) -> None:
        """To the lots it came from; and on to the card that theirs has become part of."""
        day, done = day_of(at), self._begin("", at)
        for entry in reversed(claim.done.entries):
            self._undo_entry(entry, done.step, day)
            if entry.purse.card != claim.card:
                self._move(done, entry.purse, self.points[claim.card], day)
            else:
                entry.purse.pay(day)
        claim.state = state
        self._put_back(claim.offer)

    # --- Time -----------------------------------------------------------------------------------

    def expire(self, day: date) -> None:
        for purse in self.points:
            for lot in purse.lots:
                if lot.until and lot.until < day:
                    lot.ran_out, lot.left = lot.ran_out + lot.left, 0

    def lapse(self, at: datetime) -> None:
        for claim in self.claims:
            if claim.state != "ready" or not claim.until or day_of(at) <= claim.until:
                continue
            if claim.cost and claim.returns:
                self._give_back(claim, "expired", at)
            else:
                claim.state = "expired"
                self._put_back(claim.offer)

    # --- Undoing --------------------------------------------------------------------------------

    def undo(self, done: Done, now: datetime, *, owe: bool = False) -> None:
        """All of it or nothing."""
        if done.undone or any(entry.undone_by for entry in done.entries):
            raise No("NothingToUndo")
        if owe and now > done.at + VOIDABLE:
            raise No("TooLateToVoid")
        undo = self._begin("", now)
        self._take_rewards_back(done)
        day, touched = day_of(now), {entry.purse: None for entry in done.entries}
        if any(self.gone[purse.card] for purse in touched):
            raise No("AlreadySpent")
        for entry in reversed(done.entries):
            self._undo_entry(entry, undo.step, day, owe=owe)
        for purse in touched:
            purse.pay(day)
        if not self._take_back_from_hand(done) and not touched:
            raise No("NothingToUndo")
        done.undone = True
        for purse in touched:
            if purse in self.stamps:
                self._fill(undo, purse.card, day)

    def _take_back_from_hand(self, done: Done) -> int:
        back = [claim for claim in self.claims if claim.handed_by is done]
        for claim in back:
            claim.state, claim.handed_by = "ready", None
            if done.kind == "choose":
                self._stand_for_its_own(claim)
        return len(back)

    def _take_rewards_back(self, done: Done) -> None:
        for claim in self.claims:
            if claim.done is not done or claim.state == "cancelled":
                continue
            if claim.handed_by is done:  # earned and handed out in one go
                claim.state, claim.handed_by = "ready", None
            if claim.state == "handed_over":
                raise No("AlreadyUsed")
            if claim.state == "ready":
                self._put_back(claim.offer)
            claim.state = "cancelled"
        for full in done.fills:
            of_card = [fill for fill in self.fills if fill.purse is full.purse]
            if any(fill not in done.fills for fill in of_card[of_card.index(full) :]):
                raise No("AlreadySpent")
        self.fills = [fill for fill in self.fills if fill not in done.fills]

    def _undo_entry(self, entry: Entry, step: int, day: date, *, owe: bool = False) -> None:
        purse, lot = entry.purse, entry.lot
        entry.undone_by = step
        if lot is None:
            self._give_back_debit(entry, day)
        elif owe:
            due = entry.amount - lot.ran_out  # what ran out was of no use to anybody
            others = sum(good.left for good in purse.good(day) if good is not lot)
            there = min(due, lot.left + others)
            purse.owes += due - there
            purse.take(there, day, first=lot)
        elif lot.left < entry.amount or not lot.is_good(day):
            raise No("AlreadySpent")
        else:
            lot.left = 0

    def _give_back_debit(self, entry: Entry, day: date | None) -> None:
        """To the same lots, or with grace. Without a day: as if it had never been."""
        purse, lapsed = entry.purse, 0
        purse.owes -= entry.amount if entry.owed else 0
        for lot, n in entry.eaten:
            if day and lot.until and lot.until < day:
                lapsed += n
            else:
                lot.left += n
        if day and lapsed:
            rules = STAMPS if purse in self.stamps else self.versions[purse.version][1]
            purse.add(lapsed, day + GRACE, rules)

    # --- Two cards ------------------------------------------------------------------------------

    def merge(self, gone: int, kept: int, at: datetime) -> Done:
        if gone == kept or self.gone[gone] or self.gone[kept]:
            raise No("NotMergeable")
        done, day = self._begin("merge", at, gone=gone, kept=kept), day_of(at)
        done.moved = self.of_card(gone)
        for claim in done.moved:
            claim.card = kept
        for name, purses in (("points", self.points), ("stamps", self.stamps)):
            done.debts[name] = purses[gone].owes
            self._move(done, purses[gone], purses[kept], day)
        self._fill(done, kept, day)
        self.gone[gone] = True
        return done

    def _move(self, done: Done, out_of: Purse, into: Purse, day: date) -> None:
        into.owes, out_of.owes = into.owes + out_of.owes, 0
        left = [lot for lot in out_of.lots if lot.left]
        left.sort(key=lambda lot: lot.until or date.max)
        debit = Entry(out_of, -sum(lot.left for lot in left))
        debit.eaten = [(lot, lot.left) for lot in left]
        rules = STAMPS if into in self.stamps else self.versions[into.version][1]
        done.entries += [debit, *(into.add(lot.left, lot.until, rules) for lot in left)]
        for lot in left:
            lot.left = 0
        done.entries += into.pay(day)

    def part(self, done: Done, now: datetime) -> None:
        gone, kept, day = done.gone, done.kept, day_of(now)
        if done.undone:
            raise No("NothingToUndo")
        if now > done.at + PARTED_WITHIN:
            raise No("MergeStands")
        if self.gone[kept]:
            raise No("AlreadySpent")
        self._take_rewards_back(done)
        undo = self._begin("", now)
        self._send_back(done, undo.step)
        for name, purses in (("points", self.points), ("stamps", self.stamps)):
            if purses[kept].owes < done.debts[name]:
                raise No("AlreadySpent")
            purses[kept].owes -= done.debts[name]
            purses[gone].owes += done.debts[name]
        for claim in done.moved:
            if _used_since(claim, done.step):
                raise No("AlreadySpent")
            claim.card = gone
        done.undone, self.gone[gone] = True, False
        for purse in (self.points[kept], self.points[gone], self.stamps[kept], self.stamps[gone]):
            purse.pay(day)
        for card in (kept, gone):
            self._fill(undo, card, day)

    def _send_back(self, done: Done, step: int) -> None:
        for entry in reversed(done.entries):
            entry.undone_by = step
            if entry.lot is None:
                self._give_back_debit(entry, None)
            elif entry.lot.left + entry.lot.ran_out != entry.amount:
                raise No("AlreadySpent")
            else:
                entry.lot.left = 0


def _used_since(claim: Claim, step: int) -> bool:
    """Handed out since, or its points went on to the other card."""
    handed = claim.handed_by.step if claim.handed_by else 0
    return max([handed, *(entry.undone_by for entry in claim.done.entries)]) > step


def _days(day: date, days: int | None) -> date | None:
    return day + timedelta(days=days) if days else None
