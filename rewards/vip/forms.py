"""What a member asks of a drop."""

from typing import Self

from django import forms

from loyalty.forms import KeyedForm
from rewards.vip.looks import Look


class AskForm(KeyedForm):
    """One button of the page: what it asks, and of which reservation (pk), if it is about one."""

    RESERVE, LET_GO, COME, DECLINE, LEAVE = "reserve", "let_go", "come", "decline", "leave"
    ASKED = (RESERVE, LET_GO, COME, DECLINE, LEAVE)

    ask = forms.ChoiceField(choices=[(each, each) for each in ASKED], widget=forms.HiddenInput)
    reservation = forms.IntegerField(required=False, widget=forms.HiddenInput)

    @classmethod
    def all_of(cls, look: Look) -> dict[str, Self]:
        """What can be asked, by name. Each has a key of its own, or one would stand for another."""
        own = look.waits or (look.held[0] if look.held else None)
        about = {"reservation": own.pk if own else None}
        return {ask: cls(initial={"ask": ask, **about}, auto_id=False) for ask in cls.ASKED}
