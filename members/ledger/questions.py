"""What somebody asked for, and its fingerprint: so that a key can never ask for something else."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models

from loyalty.actors import Actor
from members.models import Membership


@dataclass(frozen=True)
class Question:
    kind: str
    key: UUID
    actor: Actor
    fingerprint: str
    memberships: tuple[Membership, ...]

    @classmethod
    def asked(cls, kind: str, asked: dict[str, Any]) -> "Question":
        actor = asked["actor"]
        content = {name: value for name, value in asked.items() if name not in ("key", "actor")}
        touched = (getattr(thing, "membership", thing) for thing in content.values())
        memberships = tuple({m.pk: m for m in touched if isinstance(m, Membership)}.values())
        if any(membership.shop_id != actor.shop.pk for membership in memberships):
            raise ValueError("An operation never reaches into another shop.")
        told = json.dumps([kind, actor.counter and actor.counter.pk, content], default=_plain)
        return cls(
            kind, asked["key"], actor, hashlib.sha256(told.encode()).hexdigest(), memberships
        )


def _plain(value: object) -> object:
    if isinstance(value, models.Model):
        return [value._meta.label, value.pk]
    return str(value)
