"""The privacy page of a shop: what it keeps, as it is set up at this moment, in plain words.

The rooms say what they keep (`keeps`). Numbers come from where they are used, so that the page can
not fall behind.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.models import Counter, Role, Shop, StaffMember
from loyalty.outbox.models import KEPT_FOR
from members import rooms
from members.messages import wishes
from members.models import Programme
from members.models.memberships import COMES_BACK_WITHIN

# Who supervises, as people there call it.
AUTHORITIES = {
    "NO": "Datatilsynet (datatilsynet.no)",
    "DK": "Datatilsynet (datatilsynet.dk)",
    "SE": "IMY (imy.se)",
    "GB": "ICO (ico.org.uk)",
    "IE": "Data Protection Commission (dataprotection.ie)",
}


@dataclass(frozen=True)
class Section:
    heading: str
    lines: list[str]


def sections(shop: Shop) -> list[Section]:
    """In the order of the questions people have. Within the scope of the shop."""
    parts: list[tuple[str, Callable[[Shop], Iterable[str]]]] = [
        (_("Who decides"), _who),
        (_("What is kept, and why"), _what),
        (_("What you choose yourself"), _choices),
        (_("Who can see it"), _who_sees),
        (_("How long"), how_long),
        (_("Who else"), _third_parties),
        (_("What you can do"), _rights),
    ]
    return [Section(heading, list(lines(shop))) for heading, lines in parts]


def _who(shop: Shop) -> Iterator[str]:
    told = {"shop": shop.name, "address": shop.address, "email": shop.contact_email}
    if shop.address:
        yield _("%(shop)s, %(address)s, decides about your data.") % told
    else:
        yield _("%(shop)s decides about your data.") % told
    yield _("Write to %(email)s.") % told
    yield _("Stamkunde keeps it for the shop, and uses it for nothing else.")


def _what(shop: Shop) -> Iterator[str]:
    """What the agreement of the club rules needs, and what somebody types of their own accord."""
    yield _(
        "What is on your card, and each visit: when, where, at which counter and who stamped. "
        "Without it there is no card: that is what you agreed to with the club rules."
    )
    if Programme.objects.filter(shop=shop, kind="points").exists():
        yield _("What you paid at each visit, because points are counted from it.")
    yield _("Your first name and mobile number, only if you give them: so staff find your card.")
    yield _("Your e-mail, only if you save your card with it: so you can get it back.")
    yield _("The language of your card, how you came to it, and when you accepted the club rules.")
    yield from chain.from_iterable(keeps(shop) for keeps in rooms.answering("keeps"))
    yield _("A note, if the shop wants to remember something about you. You can read it.")
    yield _(
        "From your visits the shop sees who is new, comes often, is close to a reward or has not "
        "come for a while. That is worked out each time somebody looks, and kept nowhere."
    )
    yield _("No address, no gender, no year of birth.")


def _choices(shop: Shop) -> Iterator[str]:
    """The consents there are, in the words that are read when they are asked for."""
    yield _("Nothing here is ticked for you, and a no costs you nothing: you collect all the same.")
    yield wishes.question(shop)
    yield _("E-mail about your card: what runs out, what is ready. No offers.")


def _who_sees(shop: Shop) -> Iterator[str]:
    roles = Role.objects.active().filter(shop=shop)
    office = roles.filter(level__gte=Role.Level.MANAGER).count()
    staff = StaffMember.objects.filter(shop=shop, active=True).count()
    tills = Counter.objects.filter(shop=shop).usable().count()
    yield ngettext(
        "%(n)d owner or manager sees your card, your visits and what you told the shop.",
        "%(n)d owners and managers see your card, your visits and what you told the shop.",
        office,
    ) % {"n": office}
    yield ngettext(
        "%(n)d person at the counter sees your first name and what is on your card, when you show "
        "your code or say who you are.",
        "%(n)d people at the counter see your first name and what is on your card, when you show "
        "your code or say who you are.",
        staff,
    ) % {"n": staff}
    yield ngettext(
        "They use %(n)d device, which the owner can switch off.",
        "They use %(n)d devices, which the owner can switch off.",
        tills,
    ) % {"n": tills}
    yield _("Whoever runs this site can get at it, to keep it running.")
    yield _("Whoever has the private link to your card sees your card. Keep it to yourself.")


def how_long(shop: Shop) -> Iterator[str]:
    """Also for the owner's own page."""
    days = COMES_BACK_WITHIN.days
    yield _("As long as you have your card. You delete it yourself, in its settings.")
    yield _(
        "For %(days)d days after that you can bring it back. Then your name, e-mail, number, "
        "birthday, codes, messages and the note are erased for good. Stamps, points and visits "
        "stay in the shop's books, and nothing there leads to you."
    ) % {"days": days}
    yield _("Copies of e-mail: %(days)d days.") % {"days": KEPT_FOR.days}
    kept = settings.BACKUPS_KEPT
    yield ngettext(
        "Backups: the latest one. What you had erased is erased again if it is ever used.",
        "Backups: the latest %(n)d. What you had erased is erased again if one is ever used.",
        kept,
    ) % {"n": kept}


def _third_parties(shop: Shop) -> Iterator[str]:
    site = urlsplit(settings.PUBLIC_URL).netloc
    if settings.HOSTED_BY:
        told = {"site": site, "host": settings.HOSTED_BY}
        yield _("%(site)s runs on machines of %(host)s.") % told
    else:
        yield _("The site runs at %(site)s.") % {"site": site}
    if settings.EMAIL_HOST and settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield _("E-mail goes out through %(server)s.") % {"server": settings.EMAIL_HOST}
    yield _("Nobody else. No tracking, nothing is sold, and nothing is loaded from elsewhere.")
    yield _(
        "Cookies: only what the site needs. Your card in this browser, your sign-in, your "
        "language, light or dark."
    )


def _rights(shop: Shop) -> Iterator[str]:
    yield _(
        "In the settings of your card you read and download everything, correct it, take back what "
        "you agreed to, and delete the card. You need no sign-in for it."
    )
    yield _("Or write to %(email)s.") % {"email": shop.contact_email}
    if authority := AUTHORITIES.get(shop.country):
        yield _("You can complain to %(authority)s.") % {"authority": authority}
