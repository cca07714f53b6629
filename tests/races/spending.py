"""What is done with points, ready to be done by many at once."""

from loyalty import keys
from members.ledger.models import Operation
from members.operations import undo, void
from rewards.catalogue.operations import redeem
from tests.races.outcomes import outcome


def choosing(card, reward, actor, says="chosen"):
    wish = {"membership": card, "reward": reward, "actor": actor}
    return outcome(redeem, **wish, key=keys.new(), says=says)


def taking_back(card, actor, *, kind="earn_points", says="back", **more):
    undone = Operation.objects.select_related("membership").get(membership=card, kind=kind)
    wish = {"membership": card, "undone": undone, "actor": actor, **more}
    return outcome(void if more else undo, **wish, key=keys.new(), says=says)
