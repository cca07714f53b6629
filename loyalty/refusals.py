"""The rules say no. Code and values are stored; the sentence is made for whoever reads it."""

from typing import Any, ClassVar


class Refused(Exception):
    """A rule was not met. Nothing was booked. Subclasses stand beside the operation they refuse."""

    code: ClassVar[str] = ""
    known: ClassVar[dict[str, type["Refused"]]] = {}

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if cls.code in Refused.known:
            raise TypeError(f"{cls.__name__} and {Refused.known[cls.code].__name__} share a code")
        Refused.known[cls.code] = cls

    def __init__(self, **values: Any) -> None:
        super().__init__(values)
        self.values: dict[str, Any] = values

    def __str__(self) -> str:
        raise NotImplementedError(f"{type(self).__name__} has no sentence")

    def stored(self) -> dict[str, object]:
        return {"refused": self.code, "values": self.values}


def from_stored(answer: dict) -> Refused:
    """The refusal an earlier request with the same key was given."""
    return Refused.known[answer["refused"]](**answer["values"])
