"""What a stamp card looks like: numbers go in, a picture comes out. No database, no clock."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SMALLEST, LARGEST = 2, 30


@dataclass(frozen=True)
class Slot:
    """One place on the card."""

    number: int
    on: bool
    new: bool


@dataclass(frozen=True)
class CardFace:
    """One card as its owner sees it.

    `new` stamps just landed and are shown landing. `promise` follows the sentence while there is
    far to go ("Your 10th coffee is on us."). `words` replaces the sentence, as on the join page.
    `restarted` says that the last card was just handed in.
    """

    name: str
    shop: str
    icon: str
    need: int
    done: int
    new: int = 0
    reward: str = ""
    promise: str = ""
    words: str = ""
    level: str = ""
    restarted: bool = False
    id: str = "card"

    def __post_init__(self) -> None:
        if not SMALLEST <= self.need <= LARGEST:
            raise ValueError(f"a card has {SMALLEST} to {LARGEST} stamps, not {self.need}")

    @property
    def full(self) -> bool:
        return self.done >= self.need

    @property
    def to_go(self) -> int:
        return max(self.need - self.done, 0)

    @property
    def slots(self) -> list[Slot]:
        landed = self.done - self.new
        return [
            Slot(number=n, on=n <= self.done, new=landed < n <= self.done)
            for n in range(1, self.need + 1)
        ]

    @property
    def cols(self) -> str:
        """The grid that leaves the fewest holes beside the gift; of equals, the widest."""
        places = self.need + 1  # the gift has a place too
        widths = (3, 4, 5) if places < 16 else (4, 5, 6) if places <= 20 else (5, 6)
        return f"cols-{min(widths, key=lambda width: (-places % width, -width))}"

    @property
    def sentence(self) -> str:
        """The line under the stamps."""
        if self.words:
            return self.words
        if self.full:
            return _("Card full. You have earned: %(reward)s.") % {"reward": self.reward}
        if self.restarted:
            return self._carried_over()
        if self.done <= 0:
            return _("Show your code when you pay.")
        if self.to_go == 1:
            return _("One to go.")
        if self.done * 2 > self.need:
            return ngettext("%(n)s to go.", "%(n)s to go.", self.to_go) % {"n": self.to_go}
        so_far = ngettext("%(n)s stamp so far.", "%(n)s stamps so far.", self.done) % {
            "n": self.done
        }
        return f"{so_far} {self.promise}".strip()

    def _carried_over(self) -> str:
        if not self.done:
            return _("New card started.")
        return ngettext(
            "New card started. %(n)s stamp carried over.",
            "New card started. %(n)s stamps carried over.",
            self.done,
        ) % {"n": self.done}
