import re

import pytest
from django.urls import reverse

from loyalty.actors import Actor, Channel
from loyalty.invitations import operations
from loyalty.models import Role

LINK = re.compile(r"https?://\S+(/invitation/\S+/)")


@pytest.fixture
def ingrids(in_shop, ingrid_person):
    """Ingrid's role."""
    return Role.objects.get(shop=in_shop, person=ingrid_person)


@pytest.fixture
def monas(in_shop, manager_person):
    """The manager's role."""
    return Role.objects.get(shop=in_shop, person=manager_person)


@pytest.fixture
def invite(in_shop, ingrids):
    """Ingrid invites Åse to the staff, unless told otherwise."""

    def invite(giver=None, **more):
        giver = giver or ingrids
        wanted = {"email": "ase@example.no", "name": "Åse", "level": Role.Level.STAFF}
        actor = Actor(in_shop, Channel.OWNER, person=giver.person)
        asked = {**wanted, "locations": [], **more}
        return operations.invite(**asked, giver=giver, actor=actor)

    return invite


@pytest.fixture
def link(mailoutbox):
    """The link of the newest invitation, as its mail has it."""
    return lambda: next(
        found[1] for mail in reversed(mailoutbox) if (found := LINK.search(mail.body))
    )


@pytest.fixture
def at(shop):
    """at("people", …): the address of an owner's page of this shop."""
    return lambda name, *more: reverse(f"owner:{name}", args=[shop.slug, *more])
