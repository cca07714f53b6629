"""A shop, its places, and who works there."""

from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty import clock


class Trade(models.TextChoices):
    CAFE = "cafe", _("Café")
    SALON = "salon", _("Salon")
    BAKERY = "bakery", _("Bakery")
    BARBER = "barber", _("Barber")
    CAR_WASH = "car_wash", _("Car wash")
    RESTAURANT = "restaurant", _("Restaurant")
    GYM = "gym", _("Gym")
    FLORIST = "florist", _("Flower shop")


class ShopQuerySet(models.QuerySet["Shop"]):
    def lock(self, shop: "Shop") -> None:
        """Let requests that must not cross come one after the other, until the transaction ends."""
        list(self.select_for_update(no_key=True).filter(pk=shop.pk).values_list("pk"))


class Shop(models.Model):
    """The tenant: every row of a shop's business carries it."""

    class Country(models.TextChoices):
        NORWAY = "NO", _("Norway")
        DENMARK = "DK", _("Denmark")
        SWEDEN = "SE", _("Sweden")
        BRITAIN = "GB", _("United Kingdom")
        IRELAND = "IE", _("Ireland")

    class Currency(models.TextChoices):
        NOK = "NOK", _("Norwegian kroner")
        DKK = "DKK", _("Danish kroner")
        SEK = "SEK", _("Swedish kronor")
        EUR = "EUR", _("Euro")
        GBP = "GBP", _("Pounds")

    name = models.CharField(_("shop name"), max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    trade = models.CharField(max_length=20, choices=Trade)
    country = models.CharField(max_length=2, choices=Country)
    currency = models.CharField(max_length=3, choices=Currency)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    time_zone = models.CharField(max_length=40)
    accent = models.CharField(
        _("colour"), max_length=7, validators=[RegexValidator(r"^#[0-9a-f]{6}$")]
    )
    contact_email = models.EmailField(_("e-mail"))
    # Stands below every mail: whoever is written to must see who writes, and where they are.
    address = models.CharField(_("address"), max_length=120, blank=True)
    logo = models.ForeignKey(
        "pictures.Picture", models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    # Stamps are for everybody; rewards only for cards with an e-mail. Off unless the owner says so.
    saved_card_first = models.BooleanField(default=False)
    live_since = models.DateTimeField(null=True, editable=False)  # NULL: still being set up
    paused_since = models.DateTimeField(null=True, editable=False)  # NULL: open

    objects = ShopQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(name=""), name="shop_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Location(models.Model):
    """One place of a shop, as customers call it."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="locations")
    name = models.CharField(_("location"), max_length=80)

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """When a place is open on one day of the week, in shop time. No row: closed, or not told."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    location = models.ForeignKey(Location, models.PROTECT, related_name="hours")
    weekday = models.PositiveSmallIntegerField()  # 0 is Monday
    opens = models.TimeField()
    closes = models.TimeField()  # before `opens`: after midnight

    objects = ScopedManager(shop="shop")

    class Meta:
        ordering = ["location", "weekday"]
        constraints = [
            models.UniqueConstraint(fields=["location", "weekday"], name="hours_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6), name="a_week_has_seven_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


class RoleQuerySet(models.QuerySet["Role"]):
    def active(self) -> Self:
        return self.filter(active=True)


class Role(models.Model):
    """What a person may do in one shop."""

    class Level(models.IntegerChoices):
        STAFF = 1, _("Staff")
        MANAGER = 2, _("Manager")
        OWNER = 3, _("Owner")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="roles")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="roles")
    level = models.PositiveSmallIntegerField(choices=Level)
    active = models.BooleanField(default=True)
    # Where it holds. None: everywhere; an owner's always does.
    locations = models.ManyToManyField(Location, related_name="roles", blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "person"], name="one_role_per_person_and_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} in shop {self.shop_id}"

    @property
    def first_name(self) -> str:
        """As colleagues know them; or "" where nobody ever said."""
        staff = getattr(self, "staff", None)
        return (staff.name if staff else "") or self.person.name

    def covers(self, level: Level) -> bool:
        return self.level >= level

    def places(self) -> "models.QuerySet[Location]":
        """Where it holds: some places of the shop, or all of them."""
        every = Location.objects.filter(shop=self.shop).order_by("pk")
        if self.level == self.Level.OWNER or not self.locations.exists():
            return every
        return every.filter(roles=self)
