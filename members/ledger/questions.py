"""What somebody asked for, and its fingerprint: so that a key can never ask for something else."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from loyalty.actors import Actor
from members.ledger.models import Operation
from members.models import Membership


@dataclass(frozen=True)
class Question:
    kind: str
    key: UUID
    actor: Actor
    content: dict[str, Any]
    fingerprint: str
    memberships: tuple[Membership, ...]
    reads_cards: bool = False

    @classmethod
    def asked(cls, kind: str, asked: dict[str, Any], *, reads_cards: bool = False) -> "Question":
        actor = asked["actor"]
        content = {name: value for name, value in asked.items() if name not in ("key", "actor")}
        touched = (getattr(thing, "membership", thing) for thing in content.values())
        memberships = tuple({m.pk: m for m in touched if isinstance(m, Membership)}.values())
        if any(membership.shop_id != actor.shop.pk for membership in memberships):
            raise ValueError("An operation never reaches into another shop.")
        fingerprint = _fingerprint(kind, actor, content)
        return cls(kind, asked["key"], actor, content, fingerprint, memberships, reads_cards)

    def repeats(self, earlier: Operation) -> bool:
        """Was this asked before? Perhaps of a card that is part of this one since: its link leads
        here, and whoever got no answer then asks once more."""
        if earlier.fingerprint == self.fingerprint:
            return True
        card = earlier.membership
        if card is None or card.merged_into_id is None:
            return False
        return earlier.fingerprint == self._fingerprint_for(card)

    def _fingerprint_for(self, card: Membership) -> str:
        """As it was when this was asked of a card that is part of another one now."""
        now = card.became
        content = {name: card if value == now else value for name, value in self.content.items()}
        return _fingerprint(self.kind, self.actor, content)


def _fingerprint(kind: str, actor: Actor, content: dict[str, Any]) -> str:
    told = json.dumps([kind, actor.counter and actor.counter.pk, content], default=_plain)
    return hashlib.sha256(told.encode()).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, models.Model):
        return [value._meta.label, value.pk]
    return str(value)
