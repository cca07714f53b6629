"""What a figure is called, and what it means: what is counted, out of what."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Name(StrEnum):
    BUYERS = "buyers"
    RETENTION = "retention"
    RETENTION_FORMULA = "retention_formula"
    CHURN = "churn"
    REACTIVATED = "reactivated"
    VISITS = "visits"
    REPEAT = "repeat_purchase"
    FREQUENCY = "frequency"
    VISIT_FREQUENCY = "visit_frequency"
    AOV = "aov"
    PER_BUYER = "revenue_per_buyer"
    SO_FAR = "clv_historic"
    REDEMPTION = "redemption"
    REDEEMERS = "redemption_by_member"
    REWARD_USE = "reward_use"
    BREAKAGE = "breakage"
    BREAKAGE_EXPECTED = "breakage_expected"
    ACTIVE = "active"
    SIGN_UPS = "sign_ups"
    ENROLMENT = "enrolment"
    ORDERS = "orders"


@dataclass(frozen=True)
class Meaning:
    """`part` is counted out of `whole`. No `whole`: it is a count."""

    title: Words
    definition: Words
    part: Words
    whole: Words = ""


BOUGHT = _("Members who bought")
BOUGHT_BEFORE = _("Members who bought in the period before")
PURCHASES = _("Purchases")
VISITS = _("Purchases, and visits without one")
AT_THE_END = _("Members at the end of the period")
REVENUE = _("What they paid, after refunds")
ISSUED = _("Collected, less what was taken back")

MEANINGS = {
    Name.BUYERS: Meaning(
        _("Members who bought"),
        _("Members with at least one purchase in the period. What was taken back does not count."),
        BOUGHT,
    ),
    Name.RETENTION: Meaning(
        _("Came back"),
        _(
            "Retention rate: of the members who bought in the period before, how many bought again"
            " in this one."
        ),
        _("Members who bought in both"),
        BOUGHT_BEFORE,
    ),
    Name.RETENTION_FORMULA: Meaning(
        _("Retention by formula"),
        _(
            "The textbook formula: those who bought, less those who bought for the first time ever,"
            " divided by those who bought in the period before. Who stayed away for a while counts"
            " too, so it can pass 100 %."
        ),
        _("Members who bought, without those who bought for the first time"),
        BOUGHT_BEFORE,
    ),
    Name.CHURN: Meaning(
        _("Stayed away"),
        _(
            "Churn: of the members who bought in the period before, how many did not in this one."
            " With “Came back” it makes 100 %."
        ),
        _("Members who bought in the period before, and not in this one"),
        BOUGHT_BEFORE,
    ),
    Name.REACTIVATED: Meaning(
        _("Here again"),
        _("Members who bought in the period, not in the one before, and some time before that."),
        _("Members who are here again"),
    ),
    Name.VISITS: Meaning(
        _("Visits"),
        _("Purchases, and times somebody came without buying. What was taken back does not count."),
        VISITS,
    ),
    Name.REPEAT: Meaning(
        _("Bought more than once"),
        _(
            "Repeat-purchase rate: of the members who bought, how many did so at least twice in the"
            " period. Two purchases on one day are two."
        ),
        _("Members who bought twice or more"),
        BOUGHT,
    ),
    Name.FREQUENCY: Meaning(
        _("Purchases per member"),
        _("Purchase frequency: purchases in the period, divided by the members who bought."),
        PURCHASES,
        BOUGHT,
    ),
    Name.VISIT_FREQUENCY: Meaning(
        _("Visits per member"),
        _("Visit frequency: visits in the period, divided by the members who came."),
        VISITS,
        _("Members who came"),
    ),
    Name.AOV: Meaning(
        _("Spend per purchase"),
        _(
            "Average order value: what members paid, divided by the purchases with an amount."
            " Purchases without one are left out."
        ),
        REVENUE,
        _("Purchases with an amount"),
    ),
    Name.PER_BUYER: Meaning(
        _("Revenue per member"),
        _(
            "What members paid, divided by the members who bought. Purchases without an amount"
            " count as nothing."
        ),
        REVENUE,
        BOUGHT,
    ),
    Name.SO_FAR: Meaning(
        _("Lifetime value so far"),
        _(
            "What members have paid from the first day to the end of the period, divided by the"
            " members who ever bought. Purchases without an amount count as nothing."
        ),
        _("What they have ever paid, after refunds"),
        _("Members who ever bought"),
    ),
    Name.REDEMPTION: Meaning(
        _("Redeemed"),
        _(
            "Redemption rate: of what was collected in the period, how much was turned into"
            " rewards, used or not. What was collected earlier may be redeemed now, so it can pass"
            " 100 %."
        ),
        _("Turned into rewards, less what was given back"),
        ISSUED,
    ),
    Name.REDEEMERS: Meaning(
        _("Members who redeemed"),
        _(
            "Members who turned stamps or points into a reward in the period, for every 100 who"
            " collected some on a visit. What was collected earlier may be redeemed now, so it can"
            " pass 100 %."
        ),
        _("Members who redeemed at least once"),
        _("Members who collected on a visit"),
    ),
    Name.REWARD_USE: Meaning(
        _("Rewards used"),
        _(
            "Rewards handed out in the period, for every 100 that became ready in it. One from"
            " before may be used now, so it can pass 100 %."
        ),
        _("Rewards handed out"),
        _("Rewards that became ready"),
    ),
    Name.BREAKAGE: Meaning(
        _("Ran out unused"),
        _(
            "Breakage: what ran out unused in the period, for every 100 collected in it. What never"
            " runs out has none."
        ),
        _("Ran out unused"),
        ISSUED,
    ),
    Name.BREAKAGE_EXPECTED: Meaning(
        _("Expected to stay unused"),
        _(
            "Expected breakage: 100 % less what you think will ever be redeemed of all that is"
            " collected."
        ),
        _("Thought never to be redeemed, of every 100"),
        _("Collected"),
    ),
    Name.ACTIVE: Meaning(
        _("Active members"),
        _(
            "Members who bought, came by, or redeemed or used a reward in the period, out of all"
            " members at its end. Joining alone is not active."
        ),
        _("Members who were active"),
        AT_THE_END,
    ),
    Name.SIGN_UPS: Meaning(
        _("Sign-ups"),
        _(
            "New cards in the period. Two cards that became one count once, on the day of the"
            " first, and a card that was deleted since still counts."
        ),
        _("New cards"),
    ),
    Name.ENROLMENT: Meaning(
        _("Customers who are members"),
        _(
            "Enrolment: members at the end of the period, out of all your customers. How many those"
            " are, only you know."
        ),
        AT_THE_END,
        _("All your customers"),
    ),
    Name.ORDERS: Meaning(
        _("Purchases by members"),
        _(
            "Participation in orders: purchases by members in the period, out of all purchases at"
            " your till in it. How many those are, only you know."
        ),
        PURCHASES,
        _("All purchases at your till"),
    ),
}
