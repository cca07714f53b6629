"""A figure that says what it is: what was counted, out of what, and in which words."""

from dataclasses import dataclass

LARGE = 6  # characters


@dataclass(frozen=True)
class Defined:
    """All in words for the reader, as `owner/_figure.html` prints them.

    `part` is what was counted ("38 members who came in both") and `whole` what it is measured by
    ("62 members who came before"); a plain count has no `whole`.
    """

    title: str
    value: str
    part: str
    whole: str
    definition: str
    compared: str = ""  # "A week before: 117"
    change: str = ""  # "+9", before what it is compared with
    beside: str = ""  # what belongs to the number itself: "of 15 earned"

    @property
    def long(self) -> bool:
        """Is it too long for a large number on a small phone?"""
        return len(self.value) > LARGE

    @property
    def rose(self) -> bool:
        return self.change.startswith("+")
