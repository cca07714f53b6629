"""What stands in the log, by kind: what each is called, and which group one can ask for."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loyalty.journal.words import WHAT
from rewards.catalogue.operations import CANCELLING, CHOOSING, LAPSING
from rewards.vip.models import Reservation


class Group(StrEnum):
    """What one can ask the log for."""

    GIVEN = "given"
    REWARDS = "rewards"
    CORRECTIONS = "corrections"
    CARDS = "cards"
    EARLY = "early"
    RULES = "rules"
    PEOPLE = "people"
    REFUSED = "refused"


GROUPS: dict[Group, Promise] = {
    Group.GIVEN: _("Stamps and points"),
    Group.REWARDS: _("Rewards"),
    Group.CORRECTIONS: _("Corrections"),
    Group.CARDS: _("Members and cards"),
    Group.EARLY: _("Early access"),
    Group.RULES: _("Rules and settings"),
    Group.PEOPLE: _("People and counters"),
    Group.REFUSED: _("What was refused"),
}


@dataclass(frozen=True)
class Kind:
    """A kind of operation."""

    group: Group
    name: str | Promise
    always: bool = False  # its name stands there also beside what it booked


OTHER = Kind(Group.CARDS, _("Something else"))
NEW_MEMBER = Kind(Group.CARDS, _("New member"), always=True)
KNOWN_NUMBER = _("A number that has a card")
OPERATIONS: dict[str, Kind] = {
    "add_stamps": Kind(Group.GIVEN, _("Stamps given")),
    "adjust_balance": Kind(Group.CORRECTIONS, _("Balance corrected")),
    "ask_for_perk": Kind(Group.REWARDS, _("Perk asked for")),
    "birthday": Kind(Group.REWARDS, _("Birthday treat")),
    "bring_in": Kind(Group.CARDS, _("Brought in from a file"), always=True),
    CANCELLING: Kind(Group.REWARDS, _("Reward given back")),
    CHOOSING: Kind(Group.REWARDS, _("Reward chosen")),
    "count_late": Kind(Group.GIVEN, _("Late action counted")),
    "earn_points": Kind(Group.GIVEN, _("Points given")),
    "enrol": NEW_MEMBER,
    "erase": Kind(Group.CARDS, _("Card erased")),
    "expire": Kind(Group.GIVEN, _("Ran out")),
    "hand_over": Kind(Group.REWARDS, _("Reward handed out")),
    "join": NEW_MEMBER,
    LAPSING: Kind(Group.REWARDS, _("Reward ran out unused"), always=True),
    "lapse_early": Kind(Group.EARLY, _("Reservation ran out"), always=True),
    "leave_queue": Kind(Group.EARLY, _("Left the waiting list")),
    "let_go": Kind(Group.EARLY, _("Let a reservation go")),
    "look_at_level": Kind(Group.REWARDS, _("Level")),
    "merge": Kind(Group.CARDS, _("Two cards became one")),
    "move_back": Kind(Group.CARDS, _("Back from the phone to paper")),
    "move_to_phone": Kind(Group.CARDS, _("Moved from paper to a phone")),
    "move_up": Kind(Group.EARLY, _("Moved up from the waiting list"), always=True),
    "pick": Kind(Group.EARLY, _("Picked for early access")),
    "print_sheet": Kind(Group.CARDS, _("Paper cards made")),
    "redeem": Kind(Group.REWARDS, _("Reward chosen")),
    "redeem_now": Kind(Group.REWARDS, _("Reward chosen and handed out")),
    "replace_codes": Kind(Group.CARDS, _("New code")),
    "reply": Kind(Group.EARLY, _("Invitation answered")),
    "reserve": Kind(Group.EARLY, _("Reserved")),
    "save_card": Kind(Group.CARDS, _("Saved with an e-mail")),
    "take_perk": Kind(Group.REWARDS, _("Perk handed out")),
    "take_thanks_back": Kind(Group.CORRECTIONS, _("Thanks for a friend taken back")),
    "take_up": Kind(Group.CARDS, _("Paper card given to a new member"), always=True),
    "thank_member": Kind(Group.REWARDS, _("Thanks for a friend"), always=True),
    "undo": Kind(Group.CORRECTIONS, _("Undone")),
    "unpick": Kind(Group.EARLY, _("No longer picked for early access")),
}
# The journal tells of these, or they did nothing.
UNTOLD = (
    *("plan_drop", "change_drop", "schedule_drop", "unschedule_drop", "close_drop"),
    "set_aside",
)
# The worker looks at many cards, and does something about a few.
OFTEN_IDLE = ("birthday", "expire", LAPSING, "lapse_early", "look_at_level")
# What the journal's keys begin with, where it is no rule and no setting.
OF_CHANGES = {
    "counter": Group.PEOPLE,
    "drop": Group.EARLY,
    "hours": Group.PEOPLE,
    "invitation": Group.PEOPLE,
    "invited": Group.PEOPLE,
    "late": Group.CORRECTIONS,
    "location": Group.PEOPLE,
    "member": Group.CARDS,
    "members": Group.CARDS,
    "missing": Group.CORRECTIONS,
    "person": Group.PEOPLE,
    "pin": Group.PEOPLE,
    "role": Group.PEOPLE,
    "staff": Group.PEOPLE,
}


def of_operation(kind: str) -> Kind:
    return OPERATIONS.get(kind, OTHER)


def name_of(kind: str, answer: dict[str, Any]) -> str:
    """What an operation of this kind is called."""
    if kind == "enrol" and not answer.get("made", True):
        return str(KNOWN_NUMBER)
    if kind == "reply" and "state" in answer:
        return str(Reservation.State(answer["state"]).label)
    return str(of_operation(kind).name)


def of_change(what: str) -> Group:
    return OF_CHANGES.get(what.partition("_")[0], Group.RULES)


def operations_in(group: Group) -> list[str]:
    return [name for name, kind in OPERATIONS.items() if kind.group == group]


def changes_in(group: Group) -> list[str]:
    return [what for what in WHAT if of_change(what) == group]
