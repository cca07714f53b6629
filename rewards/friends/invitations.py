"""What stands behind a friend's code, and what a member's page shows of their friends."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django_scopes import scopes_disabled

from loyalty import clock, codes, qr
from loyalty.models import Shop
from members.family import belongs_to
from members.models import Membership
from rewards.friends import words
from rewards.friends.models import Inviting, Referral, Thanked, Thanks
from rewards.friends.operations import inviting_of

Side, State = Thanks.Side, Referral.State


def member_behind(code: str) -> Membership | None:
    """Whose invitation it is, in whichever shop; of a card that was merged, the one it became.

    None: nobody's. Knowing it shows a first name at most, and no card.
    """
    tidy = codes.tidy(code)
    if len(tidy) != codes.FRIEND_CODE_LENGTH:
        return None
    with scopes_disabled():
        cards = Membership.objects.select_related("shop", "merged_into")
        card = cards.filter(friend_code=tidy).first()
        return card.became if card and card.became.leaving_since is None else None


def scheme_of(shop: Shop) -> tuple[Inviting, list[Thanks]] | None:
    """How it works here now, and what each side can get. None: it is off, or nobody gets any."""
    inviting = inviting_of(shop)
    possible = Thanks.objects.possible(clock.today(shop.zone))
    thanks = list(possible.filter(inviting=inviting)) if inviting else []
    if inviting is None or not thanks:
        return None
    for each in thanks:
        each.shop = shop
    return inviting, thanks


def worth_it(shop: Shop) -> "QuerySet[Thanks]":
    """What there is to share an invitation for, whichever side gets it."""
    on = Inviting.objects.on().filter(shop=shop)
    return Thanks.objects.possible(clock.today(shop.zone)).filter(inviting__in=on)


def line_from(member: Membership) -> str:
    """Maja sent you this. You both get a stamp after your first purchase. "": it is off."""
    scheme = scheme_of(member.shop)
    if scheme is None:
        return ""
    name = words.first_name(member)
    sent = _("%(name)s sent you this.") % {"name": name} if name else _("A friend sent you this.")
    return f"{sent} {words.for_friend(*scheme)}"


def came_through(card: Membership, member: Membership) -> bool:
    """Is it by this member's invitation that a card was made? Also where cards were merged."""
    return Referral.objects.filter(friend=card, member=member).exists()


# --- The member's page --------------------------------------------------------------------


@dataclass(frozen=True)
class Friend:
    name: str
    standing: str


@dataclass(frozen=True)
class Sharing:
    """W2, "Share with a friend". Where `link` is "", a friend is invited in person only."""

    gets: list[str]
    code: str  # as it is read aloud: K7QM 4XBA
    picture: str  # svg
    link: str
    text: str
    friends: list[Friend]
    summary: str


def sharing(member: Membership) -> Sharing | None:
    """Everything the page shows, in four queries. None: there is nothing to share."""
    scheme = scheme_of(member.shop)
    if scheme is None:
        return None
    code = member.friend_code
    brought = _brought(member)
    by_link = links_allowed(member.shop)
    link = settings.PUBLIC_URL + reverse("friends:invitation", args=[code])
    return Sharing(
        gets=words.for_member(*scheme),
        code=f"{code[:4]} {code[4:]}",
        picture=qr.svg(f"{settings.PUBLIC_URL.upper()}/R/{code}", level="M"),
        link=link if by_link else "",
        text=_share_text(member.shop, scheme, link) if by_link else "",
        friends=[Friend(words.called(each.friend), each.standing) for each in brought],
        summary=_summary(brought),
    )


def links_allowed(shop: Shop) -> bool:
    """May a rewarded link be passed on there? In some countries it counts as the shop's mail."""
    return shop.country not in settings.NO_FRIEND_LINKS_IN


def _share_text(shop: Shop, scheme: tuple[Inviting, list[Thanks]], link: str) -> str:
    told = {"shop": shop.name, "gets": words.for_friend(*scheme), "link": link}
    return _("I collect at %(shop)s. %(gets)s %(link)s") % told


@dataclass(frozen=True)
class Brought:
    """A friend and how far they are. `member` is who brought them."""

    referral: Referral
    reward: Thanked | None

    @property
    def friend(self) -> Membership:
        return self.referral.friend

    @property
    def member(self) -> Membership:
        return self.referral.member

    @property
    def standing(self) -> str:
        return words.standing(self.referral, self.reward)


def _brought(member: Membership) -> list[Brought]:
    """A member's friends, latest first; a second card of their own is nobody."""
    own = Referral.objects.filter(member=member).exclude(belongs_to(member.pk, "friend"))
    return list(with_rewards(list(own.select_related("friend").order_by("-pk"))))


def with_rewards(referrals: list[Referral]) -> Iterator[Brought]:
    """Each with what its member has for it. One query."""
    standing = Thanked.objects.standing().filter(referral__in=referrals, side=Side.MEMBER)
    rewards = {thanked.referral_id: thanked for thanked in standing}
    for referral in referrals:
        yield Brought(referral, rewards.get(referral.pk))


def _summary(brought: list[Brought]) -> str:
    counted = [each.referral for each in brought if each.referral.state != State.REFUSED]
    bought = sum(referral.bought_at is not None for referral in counted)
    return words.summary(len(counted), bought)
