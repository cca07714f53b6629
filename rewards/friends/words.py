"""What bringing a friend brings, in sentences: for the friend, for the member, in the rules."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty import clock, money
from loyalty.models import Shop
from members.kinds import kind
from members.ledger import accounts
from members.models import Membership, Programme
from rewards.friends.models import Inviting, Referral, Thanked, Thanks
from rewards.points import units
from rewards.points.rules import PointRules

Behaviour, Side, State = Thanks.Behaviour, Thanks.Side, Referral.State


def what(thanks: Thanks) -> str:
    """3 stamps, 50 points, 10 % off one purchase, A bun. Needs thanks.shop."""
    return in_words(kept(thanks))


def kept(thanks: Thanks) -> dict[str, Any]:
    """What a message keeps of it, to be put in words by whoever reads it."""
    names = ("behaviour", "n", "percent", "amount_minor", "title")
    points = thanks.behaviour == Behaviour.BONUS
    return {
        **{name: getattr(thanks, name) for name in names},
        "currency": thanks.shop.currency,
        "unit": _unit(thanks.shop) if points else [],
    }


def in_words(told: dict[str, Any]) -> str:
    """The same, from what a message kept."""
    match told["behaviour"]:
        case Behaviour.STAMPS:
            return ngettext("%(n)d stamp", "%(n)d stamps", told["n"]) % {"n": told["n"]}
        case Behaviour.BONUS:
            return units.words(told["n"], *told["unit"])
        case Behaviour.PERCENT:
            return _("%(percent)d %% off one purchase") % {"percent": told["percent"]}
        case Behaviour.AMOUNT:
            amount = money.shown(told["amount_minor"], told["currency"])
            return _("%(amount)s off one purchase") % {"amount": amount}
    return str(told["title"])


def _unit(shop: Shop) -> list[str]:
    """What the shop calls its points."""
    scheme = programme(shop, "points")
    if scheme is None:
        return [units.Unit.POINTS]
    return [*PointRules.read(accounts.newest_rules(scheme, clock.now()).rules).called]


def programme(shop: Shop, of_kind: str) -> Programme | None:
    """Where stamps or points from the shop go: its first programme of the kind that is on."""
    on = Programme.objects.on().goes_on(clock.today(shop.zone))
    return on.filter(shop=shop, kind=of_kind).in_order().first()


def first_name(card: Membership) -> str:
    """The first word of a name; "": none was told."""
    return card.name.partition(" ")[0]


def called(card: Membership) -> str:
    """How a member's list names a friend: by first name, and by nothing else."""
    return first_name(card) or _("A friend")


# --- What both get ------------------------------------------------------------------------


def for_friend(inviting: Inviting, thanks: Iterable[Thanks]) -> str:
    """You both get a stamp after your first purchase."""
    sides = {each.side: each for each in thanks}
    own, theirs = sides.get(Side.FRIEND), sides.get(Side.MEMBER)
    bought = inviting.pays == Inviting.Pays.PURCHASE
    if own and theirs and _alike(own, theirs):
        lines = [_both(own, bought=bought)]
    else:
        lines = [_friend_gets(own, bought=bought)] if own else []
        lines += [_inviter_gets(theirs, bought=bought)] if theirs else []
    return " ".join([*lines, *_least(inviting), *_terms(sides.values())])


def _alike(one: Thanks, other: Thanks) -> bool:
    names = ("behaviour", "n", "percent", "amount_minor", "title")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _both(thanks: Thanks, *, bought: bool) -> str:
    n = thanks.n or 0
    if thanks.behaviour == Behaviour.STAMPS and bought:
        return ngettext(
            "You both get a stamp after your first purchase.",
            "You both get %(n)d stamps after your first purchase.",
            n,
        ) % {"n": n}
    if thanks.behaviour == Behaviour.STAMPS:
        return ngettext(
            "You both get a stamp when you join.", "You both get %(n)d stamps when you join.", n
        ) % {"n": n}
    if bought:
        return _("After your first purchase you both get: %(what)s.") % {"what": what(thanks)}
    return _("When you join you both get: %(what)s.") % {"what": what(thanks)}


def _friend_gets(thanks: Thanks, *, bought: bool) -> str:
    if bought:
        return _("After your first purchase you get: %(what)s.") % {"what": what(thanks)}
    return _("When you join you get: %(what)s.") % {"what": what(thanks)}


def _inviter_gets(thanks: Thanks, *, bought: bool) -> str:
    if bought:
        told = _("After your first purchase, whoever invited you gets: %(what)s.")
    else:
        told = _("When you join, whoever invited you gets: %(what)s.")
    return told % {"what": what(thanks)}


def _least(inviting: Inviting) -> list[str]:
    if not inviting.minimum_minor or inviting.pays == Inviting.Pays.JOINING:
        return []
    least = money.shown(inviting.minimum_minor, inviting.shop.currency)
    return [_("The purchase must be %(amount)s or more.") % {"amount": least}]


def _terms(thanks: Iterable[Thanks]) -> list[str]:
    """What the shop must say beside it, once."""
    return [*dict.fromkeys(each.terms for each in thanks if each.terms)]


def for_member(inviting: Inviting, thanks: Sequence[Thanks]) -> list[str]:
    """The same for whoever shares: what each gets, when, and how often."""
    return [*_promised(inviting, thanks), *_terms(thanks)]


def _promised(inviting: Inviting, thanks: Iterable[Thanks]) -> list[str]:
    sides = {each.side: each for each in thanks}
    lines = []
    if own := sides.get(Side.MEMBER):
        lines.append(_("You get: %(what)s.") % {"what": what(own)})
    if theirs := sides.get(Side.FRIEND):
        lines.append(_("Your friend gets: %(what)s.") % {"what": what(theirs)})
    if own and theirs and _alike(own, theirs):
        lines = [_together(own)]
    return [*lines, " ".join([_when(inviting), *_least(inviting)]), _limit(inviting)]


def _together(thanks: Thanks) -> str:
    """You both get a stamp."""
    n = thanks.n or 0
    if thanks.behaviour == Behaviour.STAMPS:
        return ngettext("You both get a stamp.", "You both get %(n)d stamps.", n) % {"n": n}
    return _("You both get: %(what)s.") % {"what": what(thanks)}


def _when(inviting: Inviting) -> str:
    if inviting.pays == Inviting.Pays.PURCHASE:
        return _("It arrives after your friend's first purchase.")
    return _("It arrives when your friend joins.")


def _limit(inviting: Inviting) -> str:
    return ngettext(
        "At most %(n)d friend a month counts for you.",
        "At most %(n)d friends a month count for you.",
        inviting.most_a_month,
    ) % {"n": inviting.most_a_month}


def in_the_rules(inviting: Inviting, thanks: Sequence[Thanks]) -> list[str]:
    """For the club rules, which speak to any member."""
    new = _("A friend is somebody who had no card here before.")
    told = " ".join([*_promised(inviting, thanks), new, *_terms(thanks)])
    return [_("Bring a friend: %(rules)s") % {"rules": told}]


# --- How far a friend is ------------------------------------------------------------------


def standing(referral: Referral, reward: Thanked | None) -> str:
    """Joined, Bought, Rewarded. `reward`: what the member has for this friend."""
    match referral.state:
        case State.REWARDED if reward:
            return _("Rewarded")
        case State.OVER_CAP:
            return _("Over the limit of the month")
        case State.REFUSED:
            return _("Not a new customer")
        case State.TAKEN_BACK:
            return _("Taken back")
        case State.JOINED if reward and not reward.asked_back_by_id:
            return _("Rewarded; the purchase was taken back later")
    return _("Bought") if referral.bought_at else _("Joined")


def told(part: dict[str, Any]) -> str:
    """For the invitation: 1 stamp. Now 3 of 9. What staff hear of a friend's first purchase."""
    if part["refused"]:
        return _("The invitation brings nothing: they were a customer before.")
    gave = part["gave"]
    own = gave["part"]
    what = kind(own["kind"]).told(own) if own else f"{gave['title']}."
    return _("For the invitation: %(what)s") % {"what": what}


def summary(joined: int, bought: int) -> str:
    """2 friends joined, 1 has bought."""
    if not joined:
        return ""
    friends = ngettext("%(n)d friend joined", "%(n)d friends joined", joined) % {"n": joined}
    buyers = ngettext("%(n)d has bought", "%(n)d have bought", bought) % {"n": bought}
    return _("%(friends)s, %(buyers)s") % {"friends": friends, "buyers": buyers}
