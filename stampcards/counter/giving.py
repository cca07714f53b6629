"""What the stamp form asked for, given: at once, or when a counter without connection sends it."""

from typing import Any

from loyalty import clock
from loyalty.actors import Actor
from members.ledger.models import Account
from members.paper.operations import stored
from stampcards.operations import Stamped, add_stamps
from stampcards.refusals import not_open
from stampcards.rules import StampRules


def give(account: Account, asked: dict[str, Any], actor: Actor) -> Stamped:
    """Stamp the account's card. The same form again asks the same question, whoever sends it.

    A paper card that nobody has becomes a member's with it; one that may not be stamped now stays
    nobody's. Refused: whatever `add_stamps` refuses, and ShopPaused.
    """
    if account.membership.pk is None:
        _refuse_what_is_closed(account, actor)
        account.membership = stored(account.membership, key=asked["key"], actor=actor)
    return add_stamps(
        membership=account.membership,
        actor=actor,
        **{**asked, "programme": account.programme},
    )


def _refuse_what_is_closed(account: Account, actor: Actor) -> None:
    rules = StampRules.read(account.rule_version.rules)
    if closed := not_open(account.programme, rules, actor.shop, actor.at or clock.now()):
        raise closed
