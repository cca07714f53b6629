"""One customer in one shop."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from loyalty import clock, codes
from loyalty.models import Shop

COMES_BACK_WITHIN = timedelta(days=14)  # a card that was deleted; then it is erased


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Cards in use: not merged into another one, and not deleted by their owner."""
        return self.filter(merged_into=None, leaving_since=None)

    def with_service_mail(self) -> Self:
        """Who wants mail about their card, and has an e-mail that is proved theirs."""
        proved = Q(
            person__emailaddress__verified=True,
            person__emailaddress__email=F("person__email"),
        )
        return self.current().filter(proved, service_mail=True)


NO_BIRTHDAY = Q(birth_day=None, birth_month=None)
# Both are named as not null: to a database, what compares with nothing is no "no".
A_BIRTHDAY = Q(birth_day__isnull=False, birth_month__isnull=False, birth_day__gte=1) & (
    Q(birth_month__in=[1, 3, 5, 7, 8, 10, 12], birth_day__lte=31)
    | Q(birth_month__in=[4, 6, 9, 11], birth_day__lte=30)
    | Q(birth_month=2, birth_day__lte=29)
)


class Membership(models.Model):
    """A card in somebody's hand. It may belong to a person with a sign-in, or to nobody."""

    class Source(models.TextChoices):
        POSTER = "poster", _("Poster")
        COUNTER = "counter", _("Counter")
        PAPER = "paper", _("Paper card")
        LINK = "link", _("Link")
        FRIEND = "friend", _("A friend")
        OTHER = "other", _("Other")

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="memberships"
    )
    name = models.CharField(_("first name"), max_length=60, blank=True)
    # Whoever holds this link holds the card: 192 random bits, never in a QR.
    private = models.CharField(max_length=40, unique=True)
    # What the counter reads: the QR's code, and six digits to say aloud.
    counter_code = models.CharField(max_length=10, unique=True)
    short_code = models.CharField(max_length=6)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    source = models.CharField(max_length=10, choices=Source)
    source_detail = models.CharField(max_length=20, blank=True)  # which poster
    joined_at = models.DateTimeField()
    accepted_rules_at = models.DateTimeField()  # the join tap accepts the rules of that moment
    phone = models.CharField(_("mobile number"), max_length=16, blank=True)  # E.164
    # Made at the counter and on nobody's phone yet: whoever holds its code may move it to theirs.
    unclaimed = models.BooleanField(default=False)
    named = models.BooleanField(default=False)  # was asked "What should we call you?"
    # Day and month, never the year; both or neither. NULL: not told.
    birth_day = models.PositiveSmallIntegerField(null=True)
    birth_month = models.PositiveSmallIntegerField(null=True)
    # Mail about the card: what runs out, what is ready, levels and reservations; no offers.
    # Off until its owner, with an e-mail saved, says otherwise.
    service_mail = models.BooleanField(default=False)
    # What a friend joins through. It leads to the join page and shows nobody.
    friend_code = models.CharField(max_length=10, unique=True, default=codes.friend_code)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    # What the shop wants to remember about them. The member reads it with their data.
    note = models.CharField(_("note"), max_length=300, blank=True)
    # Their owner deleted the card: it works no more, and is erased after 14 days. NULL: in use.
    leaving_since = models.DateTimeField(null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)  # nothing personal is left

    objects = ScopedManager(
        _manager_class=models.Manager.from_queryset(MembershipQuerySet), shop="shop"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "short_code"], name="short_code_is_one_card_per_shop"
            ),
            models.UniqueConstraint(
                fields=["shop", "person"],
                condition=models.Q(merged_into=None, leaving_since=None),
                name="one_membership_per_person_and_shop",
            ),
            models.CheckConstraint(condition=NO_BIRTHDAY | A_BIRTHDAY, name="birthday_is_a_day"),
        ]
        # Nobody proved a number, so two cards may name the same one: staff choose.
        indexes = [
            models.Index(
                fields=["shop", "phone"], condition=~models.Q(phone=""), name="cards_by_phone"
            ),
            models.Index(
                fields=["shop"],
                condition=models.Q(service_mail=True),
                name="cards_with_service_mail",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.spoken_code

    @property
    def became(self) -> "Membership":
        """The card it is part of now: itself, unless it was merged."""
        card = self
        while card.merged_into is not None:
            card = card.merged_into
        return card

    @property
    def comes_back_until(self) -> datetime | None:
        """The moment after which it is gone for good. None: nobody deleted it."""
        return self.leaving_since and self.leaving_since + COMES_BACK_WITHIN

    @property
    def birthday(self) -> tuple[int, int] | None:
        """Day and month. None: not told."""
        if self.birth_day is None or self.birth_month is None:
            return None
        return self.birth_day, self.birth_month

    @birthday.setter
    def birthday(self, day_and_month: tuple[int, int] | None) -> None:
        self.birth_day, self.birth_month = day_and_month or (None, None)

    @property
    def spoken_code(self) -> str:
        """The short code as people say it: 482 913."""
        return codes.spoken(self.short_code)


class RetiredCode(models.Model):
    """A code that was replaced: dead at once, and answered with "card replaced"."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="retired_codes")
    counter_code = models.CharField(max_length=10, unique=True)
    short_code = models.CharField(max_length=6)
    retired_at = models.DateTimeField(default=clock.now)

    objects = ScopedManager(shop="shop")

    class Meta:
        indexes = [models.Index(fields=["shop", "short_code"], name="retired_short_codes")]

    def __str__(self) -> str:
        return f"retired code of membership {self.membership_id}"


class PaperCard(models.Model):
    """A printed card with codes of its own. It becomes a membership at its first stamp."""

    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+")
    sheet = models.UUIDField()  # the cards of one printing
    counter_code = models.CharField(max_length=10, unique=True)
    short_code = models.CharField(max_length=6)
    printed_at = models.DateTimeField(default=clock.now)
    membership = models.OneToOneField(
        Membership, models.PROTECT, null=True, related_name="paper"
    )  # NULL: nobody has it yet

    objects = ScopedManager(shop="shop")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "short_code"], name="short_code_is_one_paper_card_per_shop"
            ),
        ]
        indexes = [models.Index(fields=["shop", "sheet"], name="paper_cards_of_a_sheet")]

    def __str__(self) -> str:
        return f"paper card {self.short_code}"
