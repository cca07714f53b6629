"""What the owner of a card may change about it, beside what `members.operations` does."""

from members.models import Membership


def speak(membership: Membership, language: str) -> None:
    """The language of mail and messages to this customer."""
    membership.language = language
    membership.save(update_fields=["language"])


def keep_phone(membership: Membership, phone: str) -> None:
    """The number staff may find this card by (E.164); "": none. Other cards may have it too."""
    membership.phone = phone
    membership.save(update_fields=["phone"])


def keep_birthday(membership: Membership, birthday: tuple[int, int] | None) -> None:
    """Day and month of the customer's birthday, never the year; None: not told."""
    membership.birthday = birthday
    membership.save(update_fields=["birth_day", "birth_month"])
