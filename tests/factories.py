"""Make one valid thing; say only what the test is about.

Operations, entries, lots and allocations have no factory: balances enter through operations, so
that no test stands on rows the product would never write.
"""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import factory
from django_scopes import scope
from factory.django import DjangoModelFactory
from PIL import Image

from loyalty import clock, keys
from loyalty.actors import Actor, Channel
from loyalty.models import Counter, Location, Person, Role, Shop, StaffMember, Trade
from loyalty.pictures.encoding import encode
from loyalty.pictures.models import Picture
from loyalty.pictures.operations import keep_picture
from members.models import Membership, PaperCard, Programme, RuleVersion
from members.operations import join, rename
from members.paper.operations import print_sheet
from members.visits import Purchase
from rewards.catalogue.models import Reward
from rewards.catalogue.operations import redeem
from rewards.models import Claim
from rewards.points.operations import earn_points
from rewards.points.rules import PointRules
from rewards.vip.models import Drop, Opening, Vip
from stampcards import trades
from stampcards.counter import late
from stampcards.operations import add_stamps
from stampcards.rules import REASON_ABOVE, StampRules


def as_owner(shop):
    """Whoever owns the shop, on its pages; who exactly does not matter to the test."""
    return Actor(shop, Channel.OWNER)


class PersonFactory(DjangoModelFactory):
    """Somebody with an e-mail and no password, as everybody here signs in by mailed code."""

    class Meta:
        model = Person

    email = factory.Sequence(lambda n: f"person{n}@example.no")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model, *args, **fields):
        return model.objects.create_user(**fields)


class ShopFactory(DjangoModelFactory):
    """A café in Oslo that customers can join. `live_since=None`: still being set up."""

    class Meta:
        model = Shop

    name = factory.Sequence(lambda n: f"Kaffe {n}")
    slug = factory.Sequence(lambda n: f"kaffe-{n}")
    trade = Trade.CAFE
    country = Shop.Country.NORWAY
    currency = Shop.Currency.NOK
    language = "nb"
    time_zone = "Europe/Oslo"
    accent = "#7b3f2a"
    contact_email = factory.LazyAttribute(lambda shop: f"hei@{shop.slug}.example")
    live_since = factory.LazyFunction(clock.now)


class InShopFactory(DjangoModelFactory):
    """Things of one shop, made inside its scope."""

    class Meta:
        abstract = True

    shop = factory.SubFactory(ShopFactory)

    @classmethod
    def _create(cls, model, *args, **fields):
        with scope(shop=fields["shop"]):
            return super()._create(model, *args, **fields)


class LocationFactory(InShopFactory):
    class Meta:
        model = Location

    name = factory.Sequence(lambda n: f"Storgata {n}")


class RoleFactory(InShopFactory):
    class Meta:
        model = Role

    person = factory.SubFactory(PersonFactory)
    level = Role.Level.STAFF


class StaffMemberFactory(InShopFactory):
    """Somebody at the counter. Without `role` they have no sign-in."""

    class Meta:
        model = StaffMember

    name = factory.Sequence(lambda n: f"Staff {n}")


class CounterFactory(InShopFactory):
    """A paired counter. `counter.device` is the secret its browser keeps (see people.till_of)."""

    class Meta:
        model = Counter

    location = factory.SubFactory(LocationFactory, shop=factory.SelfAttribute("..shop"))
    name = factory.Sequence(lambda n: f"Counter {n}")
    device = factory.Sequence(lambda n: f"device-secret-{n}")
    paired_at = factory.LazyFunction(clock.now)

    @classmethod
    def _create(cls, model, *args, device, **fields):
        counter = super()._create(model, *args, device_hash=keys.hashed(device), **fields)
        counter.device = device
        return counter


def _write_rules(programme, create, rules, **changes):
    rules = rules or _proposal(programme.shop)[1]
    RuleVersionFactory(programme=programme, rules=replace(rules, **changes))


class ProgrammeFactory(InShopFactory):
    """A stamp card with its first rules: the trade's own, but for what `rules__…` says.

    `ProgrammeFactory(rules__need=5)`. Texts are English, so that a test can name them.
    """

    class Meta:
        model = Programme
        skip_postgeneration_save = True

    kind = "stamps"
    name = factory.LazyAttribute(lambda programme: _proposal(programme.shop)[0])
    rules = factory.PostGeneration(_write_rules)


def _write_point_rules(programme, create, rules, **changes):
    RuleVersionFactory(programme=programme, rules=replace(rules or PointRules(), **changes))


class PointsFactory(InShopFactory):
    """A points scheme: 1 point for every 10 kr, but for what `rules__…` says.

    Made before the members, or they take part at their first purchase.
    """

    class Meta:
        model = Programme
        skip_postgeneration_save = True

    kind = "points"
    name = "Points"
    rules = factory.PostGeneration(_write_point_rules)


class RewardFactory(InShopFactory):
    """A free lunch for 100 points."""

    class Meta:
        model = Reward

    shop = factory.SelfAttribute("programme.shop")
    programme = factory.SubFactory(PointsFactory)
    name = "Free lunch"
    behaviour = Reward.Behaviour.THING
    cost = 100
    value_minor = 4500


class DropFactory(InShopFactory):
    """24 bags of summer roast, scheduled; one for each member. It opens when an opening says so."""

    class Meta:
        model = Drop

    kind = Drop.Kind.PRODUCT
    name = "Summer roast"
    price = "149 kr"
    quantity = 24
    left = factory.SelfAttribute("quantity")
    scheduled_at = factory.LazyFunction(clock.now)


class OpeningFactory(InShopFactory):
    """It opens to everybody now, but for what is said."""

    class Meta:
        model = Opening

    shop = factory.SelfAttribute("drop.shop")
    drop = factory.SubFactory(DropFactory)
    audience = Opening.Audience.EVERYBODY
    at = factory.LazyFunction(clock.now)


class VipFactory(InShopFactory):
    """Picked by hand, from now on."""

    class Meta:
        model = Vip

    shop = factory.SelfAttribute("membership.shop")
    since = factory.LazyFunction(clock.now)


class RuleVersionFactory(InShopFactory):
    """The next version of a programme's rules. `rules` is a StampRules or PointRules."""

    class Meta:
        model = RuleVersion

    shop = factory.SelfAttribute("programme.shop")
    programme = factory.SubFactory(ProgrammeFactory)
    effective_from = factory.LazyFunction(clock.now)
    rules = factory.LazyAttribute(lambda version: _proposal(version.programme.shop)[1])

    @classmethod
    def _create(cls, model, *args, programme, rules: StampRules | PointRules, **fields):
        with scope(shop=programme.shop):
            fields.setdefault("number", programme.versions.count() + 1)
            return super()._create(
                model, *args, programme=programme, rules=rules.stored(), **fields
            )


def _stamp_up_to(membership, create, wanted, *, counter=None):
    if wanted is None:
        return
    with scope(shop=membership.shop):
        accounts = membership.accounts.select_related("programme", "rule_version")
        account = accounts.get(programme__kind="stamps")
    missing = wanted - account.balance
    if missing < 0:
        raise ValueError(f"the welcome alone is {account.balance} stamps")
    counter = counter or CounterFactory(shop=membership.shop)
    most = account.rule_version.rules["most_per_purchase"]
    for given in [most] * (missing // most) + [missing % most]:
        if given:
            stamp(membership, given, counter=counter, programme=account.programme)


def _earn_points(membership, create, wanted, *, counter=None):
    if wanted is None:
        return
    counter = counter or CounterFactory(shop=membership.shop)
    [earned] = earn(membership, wanted * 1000, counter=counter)["also"]
    if earned["given"] != wanted:
        raise ValueError(f"these rules give {earned['given']} points for {wanted * 10} kr")


class MembershipFactory(InShopFactory):
    """A card, joined through the operation into every programme the shop has by then.

    `MembershipFactory(stamps=8)` is a card with eight stamps on it, the welcome among them; as
    many as fill the card leave a ready reward. `MembershipFactory(points=64)` has those points, of
    one purchase. They are given at a counter, as `stamps__counter` or `points__counter` if that
    matters. The shop has one stamp card then, and points if it wants.
    """

    class Meta:
        model = Membership
        skip_postgeneration_save = True

    name = ""
    person = None
    source = Membership.Source.POSTER
    source_detail = ""
    language = factory.SelfAttribute("shop.language")

    @classmethod
    def _create(cls, model, *args, shop, name, **fields):
        actor = Actor(shop, Channel.CARD, person=fields["person"])
        joined = join(**fields, key=keys.new(), actor=actor)
        with scope(shop=shop):
            membership = model.objects.select_related("shop").get(pk=joined["membership"])
            if name:
                rename(membership, name)
        return membership

    stamps = factory.PostGeneration(_stamp_up_to)
    points = factory.PostGeneration(_earn_points)


class PaperCardFactory(InShopFactory):
    """A blank card: the first of a sheet of its own."""

    class Meta:
        model = PaperCard

    @classmethod
    def _create(cls, model, *args, shop):
        printed = print_sheet(key=keys.new(), actor=Actor(shop, Channel.OWNER))
        with scope(shop=shop):
            return model.objects.select_related("shop").filter(sheet=printed["sheet"]).first()


class PictureFactory(InShopFactory):
    """A picture as somebody uploaded it, kept by the operation. `colour` tells them apart."""

    class Meta:
        model = Picture

    colour = "saddlebrown"

    @classmethod
    def _create(cls, model, *args, shop, colour):
        upload = BytesIO()
        Image.new("RGB", (40, 30), colour).save(upload, "PNG")
        with scope(shop=shop):
            return keep_picture(shop=shop, encoded=encode(upload.getvalue()))


def stamp(membership, count=1, *, counter, programme=None, again=True, **more):
    """Stamp a card at a counter, as staff who were asked and meant it."""
    if programme is None:
        with scope(shop=membership.shop):
            programme = Programme.objects.get(shop=membership.shop, kind="stamps")
    more.setdefault("key", keys.new())
    more.setdefault("reason", "group" if count > REASON_ABOVE else "")
    return add_stamps(
        membership=membership,
        programme=programme,
        count=count,
        again=again,
        actor=Actor.of_counter(counter),
        **more,
    )


def earn(membership, amount_minor=None, *, counter, programme=None, again=True, sure=True, **more):
    """A purchase that earns points at a counter, as staff who were asked and meant it."""
    if programme is None:
        with scope(shop=membership.shop):
            programme = Programme.objects.get(shop=membership.shop, kind="points")
    key = more.pop("key", None) or keys.new()
    return earn_points(
        membership=membership,
        programme=programme,
        purchase=Purchase(amount_minor=amount_minor, **more),
        again=again,
        sure=sure,
        key=key,
        actor=Actor.of_counter(counter),
    )


def choose(membership, reward):
    """A member chooses a reward for their points, on their phone. Returns the claim."""
    actor = Actor(membership.shop, Channel.CARD)
    chosen = redeem(membership=membership, reward=reward, key=keys.new(), actor=actor)
    with scope(shop=membership.shop):
        return Claim.objects.get(pk=chosen["claim"])


def _proposal(shop):
    return trades.proposal(Trade(shop.trade), currency=shop.currency, language="en-gb")


def saved_late(*, counter, code, programme, age=timedelta(days=2)):
    """A stamp that a counter saved too long ago to count by itself: it waits for a manager."""
    with scope(shop=counter.shop):
        saved = late.Saved(
            key=keys.new(),
            seq=counter.late_actions.count() + 1,
            store=str(uuid4()),
            counter=counter.pk,
            code=code,
            asked={"programme": str(programme.pk), "count": "1"},
            staff=counter.staff_id,
            age=age,
            clock_off=False,
            cancelled=False,
        )
        return late.take_in(counter, saved)
