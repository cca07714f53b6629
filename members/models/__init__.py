"""A customer in a shop, and what they collect in."""

from members.models.memberships import Membership, RetiredCode
from members.models.programmes import Programme, RuleVersion

__all__ = ["Membership", "Programme", "RetiredCode", "RuleVersion"]
