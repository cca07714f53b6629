"""Early access as members will see it, drawn beside the form that plans it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from loyalty import clock
from loyalty.dashboard.programme.early import Opens, opens
from loyalty.pictures.forms import PictureForm
from loyalty.refusals import Refused
from rewards.vip import places, plans
from rewards.vip.audience import Right
from rewards.vip.looks import Look, State
from rewards.vip.models import Drop, Opening
from rewards.vip.owner_forms import DropForm
from rewards.vip.plans import OpensTo

A_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True)
class Drawn:
    """One drop in the three looks it has; and to how many it opens. `refusal`: why it can't be."""

    drop: Drop | None = None
    before: Look | None = None  # to whom it opens first, until it does
    others: Look | None = None  # to everybody else meanwhile; None: they see nothing
    opened: Look | None = None
    kept_until: datetime | None = None  # what is reserved at the very opening
    opens: list[Opens] = field(default_factory=list)
    refusal: str = ""


def drawn(form: DropForm, picture: PictureForm, found: Drop | None = None) -> Drawn | None:
    """What was typed, with the picture the page shows. None: not enough is typed yet."""
    if not form.is_bound or not form.is_valid():
        return None
    plan = form.plan()
    try:
        plans.check(plan)
        plans.check_future(plan, clock.now(), _known(found))
    except Refused as refusal:
        return Drawn(refusal=str(refusal))
    drop = Drop(shop=form.shop, left=plan.quantity, **plan.stored(form.shop))
    drop.picture = picture.initial.get("picture")
    return _draw(drop, [each.opening(form.shop) for each in plan.openings])


def drawn_as_kept(drop: Drop) -> Drawn:
    """As it is."""
    return _draw(drop, list(drop.openings.select_related("tier")))


def _known(found: Drop | None) -> frozenset[OpensTo]:
    """What may have gone by: whatever has been scheduled already."""
    return frozenset(plans.of(found).openings if found and found.scheduled_at else ())


def _draw(drop: Drop, openings: list[Opening]) -> Drawn:
    now = clock.now()
    first = next((each for each in openings if not _is_general(each)), openings[0])
    general = next((each for each in openings if _is_general(each)), None)
    look = Look(
        drop, State.OPEN, now, Right(first, ""), opens_to_all=general.at if general else None
    )
    before, opened = min(now, first.at - A_MOMENT), max(now, first.at)
    teased = general and drop.others == Drop.Others.TEASER  # a teaser names the day
    return Drawn(
        drop=drop,
        before=replace(look, state=State.ANNOUNCED, now=before),
        others=replace(look, state=State.LOCKED) if teased else None,
        opened=replace(look, now=opened),
        kept_until=places.kept_until(drop, opened) if drop.is_reserved else None,
        opens=opens(openings, now),
    )


def _is_general(opening: Opening) -> bool:
    return opening.audience == Opening.Audience.EVERYBODY
