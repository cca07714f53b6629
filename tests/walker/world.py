"""The shop that is spied on, full of canaries; and everybody who has no business there."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django_scopes import scope, scopes_disabled

from loyalty import keys
from loyalty.actors import Actor, Channel
from loyalty.invitations.models import Invitation
from loyalty.invitations.operations import invite
from loyalty.models import Counter, Location, Person, Role, Shop, StaffMember, Trade
from loyalty.operations import dismiss, offer_pairing, revoke
from loyalty.pictures.models import Picture
from members.ledger.models import Operation
from members.messages.models import Message
from members.models import Membership, PaperCard, Programme
from members.opening.models import OpeningFile
from members.opening.operations import bring_all_in, look_at
from rewards.catalogue.models import Reward
from rewards.models import Claim
from rewards.operations import hand_over
from rewards.tiers.models import TierPerk
from rewards.tiers.owning import Perk
from rewards.vip.models import Drop
from rewards.vip.operations import reserve
from stampcards.counter.models import LateAction
from tests.factories import (
    CounterFactory,
    DropFactory,
    LocationFactory,
    MembershipFactory,
    OpeningFactory,
    PaperCardFactory,
    PersonFactory,
    PictureFactory,
    ProgrammeFactory,
    RewardFactory,
    ShopFactory,
    StaffMemberFactory,
    as_owner,
    saved_late,
)
from tests.ladder_factories import LadderFactory
from tests.people import browser_of, employed, till_of

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
AS_MEANT = ("GET", "POST")


@dataclass
class Target:
    """A shop with everything in it that a shop can have."""

    shop: Shop
    programme: Programme
    owner: Person
    staff: StaffMember
    invitation: Invitation
    location: Location
    counter: Counter
    offered: Counter
    once: str
    member: Membership
    retired: Membership
    reward: Reward
    claim: Claim
    used: Claim
    operation: Operation
    paper: PaperCard
    late: LateAction
    message: Message
    picture: Picture
    drop: Drop
    perk: TierPerk
    opening: OpeningFile

    # What anybody may read about a shop: its name, its promise, whom to write to.
    public: list[str] = field(default_factory=list)

    @cached_property
    def secrets(self) -> list[str]:
        """Strings that stand nowhere but in this shop's rows, and that nobody else may read."""
        secret = [self.owner.email, self.owner.name, self.staff.name, self.location.name]
        secret += [self.invitation.email, self.invitation.name]
        secret += [
            self.reward.name,
            self.drop.name,
            self.perk.title,
            self.counter.name,
            self.counter.device,
            self.offered.name,
            self.once,
        ]
        for card in (self.member, self.retired):
            secret += [card.name, card.private, card.counter_code, card.short_code]
            secret += [card.spoken_code, card.person.email]
        secret += [self.paper.counter_code, self.paper.short_code, str(self.paper.sheet)]
        secret.append(f"{self.shop.name.split()[0]}-Mathea")
        return [*secret, str(self.operation.key)]


def target(label: str, trade: Trade) -> Target:
    """`label` stands in every text of the shop."""
    shop = ShopFactory(
        name=f"{label} shop",
        slug=f"{label}-shop".lower(),
        trade=trade,
        contact_email=f"{label}-contact@example.no".lower(),
    )
    programme = ProgrammeFactory(shop=shop, name=f"{label} card", rules__reward=f"{label} reward")
    owner = employed(shop, Role.Level.OWNER, f"{label}-Owner", f"{label}-owner@example.no".lower())
    staff = StaffMemberFactory(shop=shop, name=f"{label}-Staff")
    location = LocationFactory(shop=shop, name=f"{label}-Place")
    counter = CounterFactory(
        shop=shop, location=location, name=f"{label}-Counter", device=keys.secret(), staff=staff
    )
    need = (
        programme.versions.model.objects.with_scopes_disabled()
        .get(programme=programme)
        .rules["need"]
    )
    cards = [
        MembershipFactory(
            shop=shop,
            name=f"{label}-{name}",
            person=PersonFactory(email=f"{label}-{name}@example.no".lower(), name=""),
            stamps=need,
            stamps__counter=counter,
        )
        for name in ("Maja", "Mona")
    ]
    with scope(shop=shop):
        offer = offer_pairing(location=location, name=f"{label}-Tablet", actor=as_owner(shop))
        claim, used = Claim.objects.order_by("membership")
        hand_over(membership=cards[1], claim=used, key=keys.new(), actor=Actor.of_counter(counter))
        operation = Operation.objects.filter(kind="add_stamps").latest("pk")
        message = Message.objects.get(membership=cards[0])  # its full card
        paper = PaperCardFactory(shop=shop)
        late = saved_late(counter=counter, code=cards[0].counter_code, programme=programme)
    return Target(
        shop=shop,
        programme=programme,
        reward=RewardFactory(programme=programme, cost=None, name=f"{label}-Reward"),
        owner=owner,
        staff=staff,
        invitation=_invited(owner, label),
        location=location,
        counter=counter,
        offered=offer.counter,
        once=offer.once,
        member=cards[0],
        retired=cards[1],
        claim=claim,
        used=used,
        operation=operation,
        paper=paper,
        late=late,
        message=message,
        picture=PictureFactory(shop=shop),
        drop=_opened(shop, f"{label}-Drop", cards[0]),
        perk=_perk(shop, f"{label}-Perk"),
        opening=_chosen(shop, programme, f"{label}-Mathea"),
        public=[shop.name, shop.contact_email, f"{label} card", f"{label} reward"],
    )


def _invited(owner: Person, label: str) -> Invitation:
    """Somebody who has not answered yet."""
    giver = owner.roles.select_related("shop").get()
    with scope(shop=giver.shop):
        return invite(
            email=f"{label}-invited@example.no".lower(),
            name=f"{label}-Invited",
            level=Role.Level.STAFF,
            locations=[],
            giver=giver,
            actor=as_owner(giver.shop),
        )


def _opened(shop: Shop, name: str, member: Membership) -> Drop:
    """Early access that is open to everybody in the shop, and one of it reserved."""
    drop = OpeningFactory(drop=DropFactory(shop=shop, name=name)).drop
    asked = {"key": keys.new(), "actor": Actor(shop, Channel.CARD)}
    with scope(shop=shop):
        reserve(membership=member, drop=drop, **asked)
    return drop


def _chosen(shop: Shop, programme: Programme, name: str) -> OpeningFile:
    """A file of balances that is looked at, and one that was brought in before it."""
    with scope(shop=shop):
        for rows in (f"{name}-before,5", f"{name},5"):
            upload = f"Name,{programme.name}\n{rows}".encode()
            file = look_at(upload=upload, actor=as_owner(shop))
            if rows.startswith(f"{name}-"):
                bring_all_in(file=file, actor=as_owner(shop))
    return file


def _perk(shop: Shop, title: str) -> TierPerk:
    """Something that every member of the shop can ask for, once a year."""
    gives = {"Bronze": {"perks": (Perk(TierPerk.Kind.CLAIM, title),)}}
    ladder = LadderFactory(shop=shop, takes={"Bronze": 0, "Silver": 1000}, gives=gives)
    with scope(shop=shop):
        return TierPerk.objects.get(tier__ladder=ladder)


# --- Who tries -------------------------------------------------------------------------------


def strangers(theirs: Target, ours: Target) -> dict[str, Client]:
    """Everybody with no business in `theirs`; most of them have some in `ours`."""
    shop = ours.shop
    member = browser_of()
    member.get(reverse("card:card", args=[ours.member.private]))  # it remembers its card
    dismissed = employed(theirs.shop, Role.Level.MANAGER, "Gone", "gone@example.no")
    revoked = CounterFactory(shop=theirs.shop, location=theirs.location, name="Lost phone")
    with scope(shop=theirs.shop):
        dismiss(dismissed.roles.get().staff, actor=as_owner(theirs.shop))
        revoke(revoked, actor=as_owner(revoked.shop))
    people = {
        "visitor": browser_of(),
        "member": member,
        "customer": browser_of(ours.member.person),
        "staff": browser_of(employed(shop, Role.Level.STAFF, "Siri", "siri@example.no")),
        "manager": browser_of(employed(shop, Role.Level.MANAGER, "Mads", "mads@example.no")),
        "owner": browser_of(ours.owner),
        "counter": till_of(ours.counter),
        "dismissed": browser_of(dismissed),
        "revoked counter": till_of(revoked),
    }
    for client in people.values():
        client.raise_request_exception = False
    return people


# --- What must not change ----------------------------------------------------------------------


class Told(DjangoJSONEncoder):
    def default(self, o):
        return bytes(o).hex() if isinstance(o, bytes | memoryview) else super().default(o)


def rows_of(shop: Shop) -> dict[tuple[str, object], str]:
    """A digest of every row that is this shop's, of the shop itself, and of its people."""
    with scopes_disabled():
        digests = {}
        for model, rows in _tables(shop):
            for row in rows.order_by("pk").values():
                told = Told(sort_keys=True).encode(row).encode()
                digests[model._meta.label, row["id"]] = hashlib.sha256(told).hexdigest()
        return digests


def _tables(shop: Shop):
    for model in apps.get_models():
        if model is Shop:
            yield model, model.objects.filter(pk=shop.pk)
        elif any(f.name == "shop" for f in model._meta.concrete_fields):
            yield model, model.objects.filter(shop=shop)
    yield Person, Person.objects.filter(memberships__shop=shop).distinct()


def tables_of_shops() -> set[type[Model]]:
    return {m for m in apps.get_models() if any(f.name == "shop" for f in m._meta.get_fields())}
