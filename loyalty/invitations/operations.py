"""Invite, send again, withdraw, accept."""

from collections.abc import Collection
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django_scopes import scope, scopes_disabled

from loyalty import clock, keys, roles
from loyalty.actors import Actor, Channel
from loyalty.invitations.models import Invitation
from loyalty.journal import operations as journal
from loyalty.journal.models import Change
from loyalty.models import Location, Person, Role, Shop, StaffMember
from loyalty.models.people import tidy_email
from loyalty.outbox import operations as outbox
from loyalty.refusals import Refused

PAUSE = timedelta(minutes=5)  # between two mails about one invitation
KEPT_FOR = timedelta(days=30)
MOST_A_DAY = 20  # of a shop: nobody sends mail to strangers through us


class InvitationOver(Refused):
    """It was used, withdrawn, or its week is over: `why`."""

    code = "invitation_over"
    used, withdrawn, run_out = "used", "withdrawn", "run_out"

    def __str__(self) -> str:
        return {
            self.used: _("This invitation has been used."),
            self.withdrawn: _("This invitation was withdrawn."),
            self.run_out: _("This invitation has run out."),
        }[self.values["why"]]


class ForSomebodyElse(Refused):
    """Whoever accepts must be signed in with the very address it was sent to."""

    code = "for_somebody_else"

    def __str__(self) -> str:
        return _("This invitation is for another e-mail address.")


class WorksHere(Refused):
    """They have a role in this shop already."""

    code = "works_here"

    def __str__(self) -> str:
        return _("Somebody with this e-mail works here already.")


class AlreadyInvited(Refused):
    """One invitation at a time: it can be sent again, or withdrawn."""

    code = "already_invited"

    def __str__(self) -> str:
        return _("This e-mail is invited already. Send the invitation again, or withdraw it.")


class SentJustNow(Refused):
    """The next mail can go out `at` (ISO, shop time)."""

    code = "sent_just_now"

    def __str__(self) -> str:
        at = time_format(datetime.fromisoformat(self.values["at"]), "TIME_FORMAT")
        return _("It was sent a moment ago. You can send it again at %(time)s.") % {"time": at}


class TooManyInvitations(Refused):
    """Twenty a day."""

    code = "too_many_invitations"

    def __str__(self) -> str:
        return _("That is many invitations for one day. Go on tomorrow.")


# --- Whoever invites -----------------------------------------------------------------------


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    level: Role.Level,
    locations: Collection[Location],
    giver: Role,
    actor: Actor,
    staff: StaffMember | None = None,
) -> Invitation:
    """Send a link that gives this role to whoever reads mail at this address.

    `staff`: they stand at the counter already. Refused: MoreThanYours, ChooseAPlace, WorksHere,
    AlreadyInvited, NameTaken, TooManyInvitations.
    """
    roles.refuse_more_than(giver, level, locations)
    shop, address = actor.shop, tidy_email(email) or ""
    Shop.objects.lock(shop)
    _refuse_too_many(shop)
    if Role.objects.active().filter(shop=shop, person__in=people_at(address)).exists():
        raise WorksHere
    if staff is None and StaffMember.objects.filter(shop=shop, name=name, active=True).exists():
        raise roles.NameTaken
    secret = keys.secret()
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                shop=shop,
                email=address,
                name=name,
                staff=staff,
                level=level,
                invited_by=giver.person,
                secret_hash=keys.hashed(secret),
                sent_at=clock.now(),
            )
    except IntegrityError:
        raise AlreadyInvited from None
    invitation.locations.set([] if level == Role.Level.OWNER else locations)
    journal.write(actor, "invited", after=facts(invitation))
    _mail(invitation, secret)
    return invitation


@transaction.atomic
def send_again(invitation: Invitation, *, giver: Role, actor: Actor) -> None:
    """A new link and a new week; the old link is dead.

    Refused: MoreThanYours, InvitationOver (used or withdrawn), SentJustNow, TooManyInvitations.
    """
    roles.refuse_more_than(giver, Role.Level(invitation.level), invitation.locations.all())
    Shop.objects.lock(actor.shop)
    kept = _locked(invitation)
    _refuse_answered(kept)
    if (again := kept.sent_at + PAUSE) > clock.now():
        raise SentJustNow(at=timezone.localtime(again, actor.shop.zone).isoformat())
    _refuse_too_many(actor.shop)
    secret = keys.secret()
    kept.secret_hash, kept.sent_at, kept.invited_by = keys.hashed(secret), clock.now(), giver.person
    kept.save(update_fields=["secret_hash", "sent_at", "invited_by"])
    journal.write(actor, "invited_again", after=facts(kept))
    _mail(kept, secret)


@transaction.atomic
def withdraw(invitation: Invitation, *, actor: Actor) -> None:
    """The link is dead. Refused: InvitationOver."""
    kept = _locked(invitation)
    _refuse_answered(kept)
    kept.withdrawn_at = clock.now()
    kept.save(update_fields=["withdrawn_at"])
    journal.write(actor, "invitation_withdrawn", after=facts(kept))


def withdraw_those_of(staff: StaffMember, *, actor: Actor) -> None:
    """Whoever was let go takes up no sign-in that was offered to them before."""
    with scope(shop=staff.shop):
        for invitation in Invitation.objects.filter(staff=staff).unanswered():
            withdraw(invitation, actor=actor)


def _refuse_too_many(shop: Shop) -> None:
    """Every mail counts, also the second about one invitation: the log has a line for each."""
    mails = Change.objects.filter(shop=shop, what__in=("invited", "invited_again"))
    if mails.filter(at__gt=clock.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooManyInvitations


def facts(invitation: Invitation) -> dict[str, object]:
    """As the journal keeps it: to do what and where. To whom is personal."""
    places = [place.name for place in invitation.locations.all()]
    return {"level": int(invitation.level), "places": places}


def _mail(invitation: Invitation, secret: str) -> None:
    """In the language of whoever reads it, if we know it. Nobody else learns whether we do."""
    shop = invitation.shop
    known = people_at(invitation.email).exclude(language="").first()
    outbox.post(
        to=invitation.email,
        template="invitations/mail/invited",
        values={
            **about(invitation),
            "invitation": settings.PUBLIC_URL + reverse("invitation:show", args=[secret]),
        },
        language=known.language if known else shop.language,
    )


def about(invitation: Invitation) -> dict[str, object]:
    """What mail and page say of it."""
    shop = invitation.shop
    return {
        "shop": shop.name,
        "inviter": name_of(shop, invitation.invited_by),
        "role": int(invitation.level),
        "places": ", ".join(place.name for place in invitation.locations.all()),
    }


def name_of(shop: Shop, person: Person) -> str:
    """The first name colleagues know them by, or ""."""
    staff = StaffMember.objects.filter(shop=shop, role__person=person).first()
    return staff.name if staff else person.name


def forget(now: datetime) -> int:
    """Whose address was written down a month ago is nobody's business any more. Returns how many.

    What became of it stands in the shop's log, which names no address.
    """
    with scopes_disabled():
        old = Invitation.objects.filter(sent_at__lt=now - KEPT_FOR)
        return old.delete()[1].get(Invitation._meta.label, 0)


# --- Whoever is invited --------------------------------------------------------------------


def invitation_of(secret: str) -> Invitation | None:
    """The invitation this link was sent with, whatever became of it."""
    with scopes_disabled():
        sent = Invitation.objects.select_related("shop", "invited_by", "staff")
        return sent.filter(secret_hash=keys.hashed(secret)).first()


def refuse_over(invitation: Invitation) -> None:
    """Refused: InvitationOver. It ends, too, when its sender could not give it any more."""
    _refuse_answered(invitation)
    if invitation.has_run_out(clock.now()):
        raise InvitationOver(why=InvitationOver.run_out)
    if not _still_stands(invitation):
        raise InvitationOver(why=InvitationOver.withdrawn)


def _refuse_answered(invitation: Invitation) -> None:
    if invitation.accepted_at:
        raise InvitationOver(why=InvitationOver.used)
    if invitation.withdrawn_at:
        raise InvitationOver(why=InvitationOver.withdrawn)


def _still_stands(invitation: Invitation) -> bool:
    """Has its sender still got what they gave?"""
    active = Role.objects.active().filter(shop=invitation.shop, person=invitation.invited_by)
    giver = active.first()
    if giver is None:
        return False
    try:
        roles.refuse_more_than(giver, Role.Level(invitation.level), invitation.locations.all())
    except Refused:
        return False
    return True


def is_for(invitation: Invitation, person: Person) -> bool:
    """Have they proved that they read mail at its address?"""
    return people_at(invitation.email).filter(pk=person.pk).exists()


def people_at(email: str) -> QuerySet[Person]:
    """Whoever signs in with this address: at most one person."""
    proved = EmailAddress.objects.filter(email=email, verified=True).values("user")
    return Person.objects.filter(pk__in=proved) | Person.objects.filter(email=email)


@transaction.atomic
def accept(invitation: Invitation, *, person: Person) -> Role:
    """They work here from now on, and can be chosen at the counter.

    Refused: InvitationOver, ForSomebodyElse, WorksHere.
    """
    shop = invitation.shop
    with scope(shop=shop):
        Shop.objects.lock(shop)
        kept = _locked(invitation)
        refuse_over(kept)
        if not is_for(kept, person):
            raise ForSomebodyElse
        if Role.objects.active().filter(shop=shop, person=person).exists():
            raise WorksHere
        where = list(kept.locations.all())
        role = roles.give_role(shop, person, level=Role.Level(kept.level), locations=where)
        staff = _stand_at_the_counter(kept, role)
        kept.accepted_at, kept.accepted_by = clock.now(), person
        kept.save(update_fields=["accepted_at", "accepted_by"])
        actor = Actor(shop, Channel.OWNER, person=person, staff=staff)
        journal.write(actor, "invitation_accepted", after=facts(kept) | {"staff": staff.pk})
    return role


def _locked(invitation: Invitation) -> Invitation:
    """As it is now: of two who answer it, the second waits and sees what the first did."""
    rows = Invitation.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("shop", "invited_by", "staff").get(pk=invitation.pk)


def _stand_at_the_counter(invitation: Invitation, role: Role) -> StaffMember:
    """The colleague the invitation was for, or who they were before they left, or somebody new."""
    invited, before = invitation.staff, StaffMember.objects.filter(role=role).first()
    if invited and invited.active and invited.role_id is None:
        if before:  # the name they had before goes on without them
            before.role = None
            before.save(update_fields=["role"])
        staff = invited
    else:
        staff = before or StaffMember(shop=invitation.shop)
        staff.name = free_name(invitation.shop, invitation.name, besides=staff)
    staff.role, staff.active = role, True
    staff.save()
    return staff


def free_name(shop: Shop, name: str, *, besides: StaffMember) -> str:
    """The name, or with a number: somebody may have taken it since the invitation was sent."""
    others = StaffMember.objects.filter(shop=shop, active=True).exclude(pk=besides.pk)
    taken = set(others.values_list("name", flat=True))
    free, number = name, 2
    while free in taken:
        free, number = f"{name[:36]} {number}", number + 1
    return free
