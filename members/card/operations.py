"""What the owner of a card may change about it, beside what `members.operations` does."""

from members.models import Membership


def speak(membership: Membership, language: str) -> None:
    """The language of mail and messages to this customer."""
    membership.language = language
    membership.save(update_fields=["language"])
