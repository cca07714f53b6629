"""Kinds of address, and how each is asked for something of another shop's.

`theirs` is what belongs to the shop that is spied on: nobody from elsewhere may see or change
anything. `public` shows what anybody may read about a shop. `bearer` is opened by its address
alone, so what is tried are other people's things with a key of one's own, and guessed keys.
`NOBODYS` knows no shop but the reader's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from members.messages.links import signed
from members.messages.operations import Purpose
from tests.walker.world import Target

Thing = Callable[[Target], Any]
Arguments = Callable[[Target, Target], list[dict[str, Any]]]


@dataclass(frozen=True)
class Address:
    """`arguments(theirs, ours)`: every set of arguments worth trying."""

    arguments: Arguments = lambda theirs, ours: [{}]
    shows: bool = False  # may show what is public about the other shop
    joins: bool = False  # may add a card to the other shop, as any customer may
    by: tuple[str, ...] = ()  # who tries; nobody named: everybody
    refuses: bool = False  # answers a signed-in stranger with 404, never 403 or a page


def theirs(**things: Thing) -> Address:
    """Below /o/: their shop; and where the address names a thing, theirs within our shop too."""

    def arguments(other: Target, own: Target) -> list[dict[str, Any]]:
        found = {name: thing(other) for name, thing in things.items()}
        shops = [other.shop, own.shop] if things.keys() & {"pk", "sheet"} else [other.shop]
        return [{"shop": shop.slug, **found} for shop in shops]

    return Address(arguments, refuses=True)


def public(**more: Any) -> Address:
    return Address(lambda other, own: [{"shop": other.shop.slug}], shows=True, **more)


def bearer(**things: Thing) -> Address:
    """Below /m/: a guessed link, and with a card of our own the things of theirs."""

    def arguments(other: Target, own: Target) -> list[dict[str, Any]]:
        found = {name: thing(other) for name, thing in things.items()}
        links = [guess(other), *([own.member.private] if things else [])]
        return [{"private": link, **found} for link in links]

    return Address(arguments)


def guess(other: Target) -> str:
    """Their link with one letter wrong."""
    link = other.member.private
    return link[:-1] + ("A" if link[-1] != "A" else "B")


def forged(other: Target) -> list[str]:
    """Links that would stop their mail, signed by nobody."""
    link = signed(other.member, Purpose.NEWS)
    return [f"{other.member.pk}.news", f"{other.member.pk}.news:{link[-9:]}", link.swapcase()]


def of_codes(*, blank: bool = True) -> Address:
    """At a counter: their cards' codes. The answer may say whose card it is."""

    def arguments(other: Target, own: Target) -> list[dict[str, Any]]:
        found = [other.member.counter_code, other.member.short_code]
        found += [other.paper.counter_code, other.paper.short_code] if blank else []
        return [{"code": code} for code in found]

    return Address(arguments, shows=True)


def of_friends() -> Address:
    """What a member passes on: it leads to the join page of their shop."""
    return Address(lambda other, own: [{"code": other.member.friend_code}], shows=True, joins=True)


def with_a_card_of_theirs() -> Address:
    """At a counter: one card of ours and one of theirs, either way round."""

    def arguments(other: Target, own: Target) -> list[dict[str, Any]]:
        pair = own.member.counter_code, other.member.counter_code
        return [{"code": one, "other": two} for one, two in (pair, pair[::-1])]

    return Address(arguments, shows=True)


NOBODYS = Address()
SIGN_IN = Address(by=("visitor", "customer", "owner"))  # knows people, and no shop
