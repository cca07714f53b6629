"""What somebody loses who deletes their card."""

from dataclasses import dataclass
from itertools import chain

from loyalty import clock
from members import rooms
from members.card.pages import accounts_of
from members.kinds import kind
from members.models import Membership


@dataclass(frozen=True)
class Losses:
    """What was collected, each in words: "4 of 9"; and the titles of what could be used now."""

    collected: list[tuple[str, str]]
    usable: list[str]


def losses(membership: Membership) -> Losses:
    today = clock.today(membership.shop.zone)
    accounts = [account for account in accounts_of(membership) if account.balance]
    answers = (still(membership, today) for still in rooms.answering("still_usable"))
    return Losses(
        collected=[
            (each.programme.name, kind(each.programme.kind).standing(each)) for each in accounts
        ],
        usable=list(chain.from_iterable(answers)),
    )
