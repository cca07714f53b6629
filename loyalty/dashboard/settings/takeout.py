"""Everything a shop takes along: which tables, which of their columns, and what they hold.

Nothing is in a file that does not stand here, so a new column is in none until somebody decides.
`LEFT_OUT` says of every other column, and of every other table of a shop, why it stays; a test
finds what stands nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Case, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from loyalty.models import Shop


@dataclass(frozen=True)
class Table:
    """A table, and those of its columns that are taken along; `person__email` is of another one."""

    model: str
    columns: str
    of_shop: str = "shop"
    more: dict[str, Any] = field(default_factory=dict)  # columns reckoned from others

    @property
    def heading(self) -> list[str]:
        return [name.replace("__", "_") for name in self._names]

    @property
    def _names(self) -> list[str]:
        return [*self.columns.split(), *self.more]

    def rows(self, shop: Shop) -> Iterator[tuple[Any, ...]]:
        """In the order they came in, some at a time."""
        return self._of(shop).values_list(*self._names).iterator(chunk_size=2_000)

    def _of(self, shop: Shop) -> "QuerySet[Any]":
        manager = apps.get_model(self.model)._default_manager
        own: QuerySet[Any] = manager.filter(**{self.of_shop: shop.pk})
        return own.annotate(**self.more).order_by("pk")


@dataclass(frozen=True)
class File:
    """One file for spreadsheets."""

    name: str
    about: "str | Promise"
    table: Table


# A friend's code opens the way to share an invitation: it is that member's own.
DETAIL = Case(When(source="friend", then=Value("")), default="source_detail")

FILES = [
    File(
        "members.csv",
        _("Every member, with what they told you and what you noted."),
        Table(
            "members.Membership",
            "id name person__email phone birth_day birth_month language short_code source "
            "joined_at accepted_rules_at named unclaimed service_mail note merged_into "
            "leaving_since erased_at",
            more={"detail": DETAIL},
        ),
    ),
    File(
        "consents.csv",
        _("Who said yes to what, when and in which words; and who took it back."),
        Table(
            "members.Consent",
            "id membership purpose words given_at given_by withdrawn_at withdrawn_by",
        ),
    ),
    File(
        "visits.csv",
        _("Every purchase and every time somebody came by."),
        Table(
            "ledger.Visit",
            "id membership operation at kind amount_minor location__name counter__name "
            "staff__name voided_by",
        ),
    ),
    File(
        "balances.csv",
        _("What every member has in every programme now."),
        Table(
            "ledger.Account",
            "id membership programme rule_version__number balance lifetime shortfall cycle",
        ),
    ),
    File(
        "ledger.csv",
        _("Every stamp and point, given or used: the amounts of a balance add up to it."),
        Table(
            "ledger.LedgerEntry",
            "id account account__membership account__programme seq kind amount qualifying reason "
            "operation operation__occurred_at operation__recorded_at visit reverses "
            "rule_version__number",
        ),
    ),
    File(
        "lots.csv",
        _("What is left of each earning, and until when."),
        Table("ledger.Lot", "id account entry amount remaining expires_on usable_from"),
    ),
    File(
        "used_from.csv",
        _("Which earning was used for what."),
        Table("ledger.Allocation", "id debit lot amount"),
    ),
    File(
        "actions.csv",
        _("Everything that was asked for once: who did it, where and when."),
        Table(
            "ledger.Operation",
            "id kind membership occurred_at recorded_at channel actor__email staff__name "
            "counter__name",
        ),
    ),
    File(
        "catalogue.csv",
        _("The rewards you offer, or offered."),
        Table(
            "catalogue.Reward",
            "id programme name cost behaviour percent amount_minor bonus value_minor "
            "minimum_minor text terms picture stock per_member starts_on ends_on "
            "use_within_days tier segment created_at retired_at",
        ),
    ),
    File(
        "rewards.csv",
        _("Every reward a member got, and what became of it."),
        Table(
            "rewards.Claim",
            "id membership source title terms value_minor minimum_minor percent off_minor "
            "account cycle reward cost instead_of operation state issued_at expires_on use_by",
        ),
    ),
    File(
        "handed_out.csv",
        _("Which reward left the shop, when, and who gave it."),
        Table("rewards.HandOver", "id claim operation at counter__name staff__name undone_by"),
    ),
    File(
        "level_moves.csv",
        _("Who reached which level, when and by what."),
        Table(
            "tiers.TierMove",
            "id membership tier before why measured measure window threshold at since held_until "
            "operation undone_by",
        ),
    ),
    File(
        "perks_used.csv",
        _("What levels gave, and when."),
        Table("tiers.PerkUse", "id perk claim at"),
    ),
    File(
        "birthday_treats.csv",
        _("Who had a birthday treat in which year."),
        Table("birthday.BirthdayGift", "id membership year claim"),
    ),
    File(
        "early_access.csv",
        _("What you opened to some first."),
        Table(
            "vip.Drop",
            "id kind name text price picture quantity left per_member others hold_hours "
            "collect_by over_at place starts_at ends_at reply_by created_at scheduled_at "
            "closed_at",
        ),
    ),
    File(
        "openings.csv",
        _("To whom, and when."),
        Table("vip.Opening", "id drop at audience tier segment top top_days told_at"),
    ),
    File(
        "reservations.csv",
        _("Who reserved, answered or waited."),
        Table("vip.Reservation", "id drop membership state why asked_at claim operation"),
    ),
    File(
        "picked.csv",
        _("Whom you picked for early access."),
        Table("vip.Vip", "id membership since by__email until ended_by__email"),
    ),
    File(
        "referrals.csv",
        _("Who came through whom."),
        Table("friends.Referral", "id friend member pays state joined_at bought_at bought"),
    ),
    File(
        "thanks.csv",
        _("What was given for bringing a friend."),
        Table(
            "friends.Thanked",
            "id referral side operation claim at asked_back_by taken_back_by",
        ),
    ),
    File(
        "messages.csv",
        _("What members were told, and by which way."),
        Table(
            "card_messages.Message",
            "id membership purpose template values at until seen_at taken_off_at mail mail_at",
        ),
    ),
    File(
        "notices.csv",
        _("Who was told in time that something runs out."),
        Table("notices.Notice", "id membership runs_out_on days_before at"),
    ),
    File(
        "late_actions.csv",
        _("What counters saved without a connection."),
        Table(
            "counter.LateAction",
            "id counter__name staff__name device_seq state happened_at received_at clock_off "
            "refusal decided_by__email decided_at",
        ),
    ),
    File(
        "log.csv",
        _("What you and your colleagues changed, and when."),
        Table(
            "journal.Change",
            "id at actor__email staff__name counter__name location__name channel what about "
            "before after",
        ),
    ),
]

# The shop itself, and what is set once: one file, by these keys.
SETTINGS = {
    "shop": Table(
        "loyalty.Shop",
        "id name slug trade country currency language time_zone accent contact_email address "
        "logo created_at saved_card_first live_since paused_since",
        of_shop="pk",
    ),
    "places": Table("loyalty.Location", "id name"),
    "opening_hours": Table("loyalty.OpeningHours", "id location weekday opens closes"),
    "roles": Table("loyalty.Role", "id person__email person__name level active"),
    "staff": Table("loyalty.StaffMember", "id name role active"),
    "counters": Table("loyalty.Counter", "id location name staff paired_at revoked_at created_at"),
    "levels_by": Table("tiers.Ladder", "id measure window off_since"),
    "levels": Table(
        "tiers.Tier",
        "id ladder name threshold multiplier_percent head_start retired_at instead",
    ),
    "perks": Table("tiers.TierPerk", "id tier kind title terms value_minor times per retired_at"),
    "birthday": Table(
        "birthday.BirthdayTreat",
        "id title terms value_minor bonus days_before days_after off_since",
    ),
    "bring_a_friend": Table("friends.Inviting", "id pays minimum_minor most_a_month off_since"),
    "thanks": Table(
        "friends.Thanks",
        "id inviting side behaviour n percent amount_minor title terms value_minor use_within_days",
    ),
    "worth_a_look": Table(
        "guard.GuardSettings",
        "id on visits_a_day stamps_a_day burst_visits burst_minutes own_a_day hours_grace "
        "pair_share pair_least pair_days far_times far_least far_days",
    ),
    "goal": Table("figures.Goal", "id what target until set_at"),
}

PROGRAMMES = {
    "programmes": Table(
        "members.Programme",
        "id kind name created_at paused_since off_since collects_until honoured_until",
    ),
    "versions": Table(
        "members.RuleVersion", "id programme number effective_from rules written_by__email"
    ),
}

PICTURES = Table("pictures.Picture", "id data")
