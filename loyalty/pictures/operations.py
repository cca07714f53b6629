"""Keep a picture; change the one a thing has."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, ManyToOneRel, OuterRef, ProtectedError
from django_scopes import scopes_disabled

from loyalty.models import Shop
from loyalty.pictures.encoding import Encoded
from loyalty.pictures.models import Picture


def keep_picture(*, shop: Shop, encoded: Encoded) -> Picture:
    """Store a picture. From now on whoever has its address sees it."""
    return Picture.objects.create(
        shop=shop, data=encoded.data, width=encoded.width, height=encoded.height
    )


@transaction.atomic
def change_picture(thing: Any, chosen: Encoded | Picture | None, field: str = "picture") -> None:
    """Give a stored thing what its form's PictureField said: a shop, or what has a `shop`.

    The picture it had is deleted, and its address with it, unless something else shows it too.
    One that was deleted since the page was shown can't be had: then the thing keeps what it has.
    """
    before = getattr(thing, field)
    if chosen == before or (isinstance(chosen, Picture) and not _hold(chosen)):
        return
    if isinstance(chosen, Encoded):
        shop = thing if isinstance(thing, Shop) else thing.shop
        chosen = keep_picture(shop=shop, encoded=chosen)
    setattr(thing, field, chosen)
    thing.save(update_fields=[field])
    if before:
        with suppress(ProtectedError):
            before.delete()


def _hold(picture: Picture) -> bool:
    """Is it still there? Then nobody deletes it until this is done."""
    return bool(Picture.objects.select_for_update(no_key=True).filter(pk=picture.pk).values("pk"))


def forget_unused(before: datetime) -> int:
    """Delete what was made before a moment and nothing shows, in any shop. Counts pictures."""
    with scopes_disabled():
        unused = Picture.objects.filter(made_at__lt=before)
        for end in Picture._meta.get_fields(include_hidden=True):
            if isinstance(end, ManyToOneRel):
                showing = end.field.model._base_manager.filter(**{end.field.name: OuterRef("pk")})
                unused = unused.exclude(Exists(showing))
        return unused.delete()[0]
