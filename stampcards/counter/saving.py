"""What the till keeps to show without a connection: a form per programme, and nobody's name."""

from datetime import datetime

from django.utils.functional import cached_property

from loyalty import clock, money
from loyalty.models import Counter
from members import kinds, rooms
from members.models import Programme
from stampcards.counter import sheets
from stampcards.counter.forms import FindForm


class Saving:
    """What `counter/_offline.html` needs; asked for only where the whole page is made."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter
        self.find = FindForm(auto_id="offline_%s")

    @cached_property
    def panels(self) -> list[rooms.Panel]:
        """What can be given today; the first is loud."""
        now = clock.now()
        panels = [
            panel
            for programme in Programme.objects.on().in_order()
            if (panel := self._panel(programme, now))
        ]
        panels.sort(key=sheets.follows)
        sheets.ask_once(panels)
        for panel in panels[1:]:
            panel.needs["form"].quiet = True
        return panels

    @cached_property
    def only_stamps(self) -> bool:
        """Is there nothing else to save, so that it may be called so?"""
        return Programme.objects.only_stamps()

    @property
    def symbol(self) -> str:
        """Of the shop's currency."""
        return money.SYMBOLS[self.counter.shop.currency]

    @property
    def several(self) -> bool:
        return len(self.panels) > 1

    def _panel(self, programme: Programme, now: datetime) -> rooms.Panel | None:
        programme.shop = self.counter.shop  # known already
        panel: rooms.Panel | None = kinds.kind(programme.kind).saving_panel(programme, now)
        return panel
