"""What the till keeps to show without a connection: a form per card, and nobody's name."""

from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import ngettext

from loyalty import clock
from loyalty.models import Counter
from members.ledger import accounts
from members.models import Programme
from stampcards.counter.forms import FindForm
from stampcards.counter.stamp_forms import StampForm
from stampcards.refusals import not_open
from stampcards.rules import REASON_ABOVE, StampRules


class SaveForm(StampForm):
    """As the stamp form, for a card nobody can look up right now: no more than needs no reason."""

    def _offer(self, most: int) -> None:
        super()._offer(min(most, REASON_ABOVE))

    def says(self, n: int) -> str:
        return ngettext("Save %(n)d stamp", "Save %(n)d stamps", n) % {"n": n}


@dataclass(frozen=True)
class SavedCard:
    """One programme that can be stamped today."""

    name: str
    form: SaveForm


class Saving:
    """What `counter/_offline.html` needs; asked for only where the whole page is made."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.find = FindForm(auto_id="offline_%s")

    @cached_property
    def cards(self) -> list[SavedCard]:
        programmes = Programme.objects.filter(kind="stamps").in_order()
        return [card for programme in programmes if (card := self._card(programme))]

    def _card(self, programme: Programme) -> SavedCard | None:
        now = clock.now()
        rules = StampRules.read(accounts.newest_rules(programme, now).rules)
        if not_open(programme, rules, self.counter.shop, now):
            return None
        form = SaveForm(
            rules=rules,
            initial={"programme": programme.pk},
            auto_id=f"offline{programme.pk}_%s",
        )
        return SavedCard(programme.name, form)
