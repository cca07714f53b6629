"""A customer in a shop, and what they collect in."""

from members.models.consents import Consent
from members.models.memberships import Membership, PaperCard, RetiredCode
from members.models.programmes import Programme, RuleVersion

__all__ = ["Consent", "Membership", "PaperCard", "Programme", "RetiredCode", "RuleVersion"]
