"""A seed from its first tap to the verdict; and how to see it again."""

from tests.simulation import steps
from tests.simulation.judging import screens, verdict
from tests.simulation.staffing import open_page
from tests.simulation.world import World

STEPS = 20
CUTS = 0.05  # how often a request meets a failing server
ROUNDS = 6  # of calm, after which nothing may wait any more
AGAIN = "SIMULATION_SEED=%d python3 manage.py test --fast -- tests/simulation -k fate"


def run(seed, *, more=None):
    """One seed. Returns its world, and a sentence for whatever is wrong with it.

    `more` weighs steps otherwise than WEIGHTS, for what is looked for there.
    """
    world, wrong = World(seed), []
    world.network.cuts = CUTS
    for _step in range(STEPS):
        steps.one(world, more or {})
        wrong += screens(world)
    calm(world, [device for device in world.devices if not device.in_drawer])
    if found := [device for device in world.devices if device.in_drawer]:
        wrong += verdict(world)
        calm(world, found)
    return world, wrong + verdict(world, delivered=True)


def calm(world, devices):
    """The air is good, the power stays, whatever is under way arrives, and these hand in."""
    world.note("calm")
    world.network.cuts = 0.0
    for _round in range(ROUNDS):
        world.pass_time(20 * steps.MINUTE)  # typing is on pause no longer than that
        while world.network.under_way:
            world.network.deliver_a_straggler()
        for device in devices:
            device.air, device.in_drawer = "good", False
            if device.memory.actions or device.has_news:
                device.send() if device.page else open_page(device)
        devices = [device for device in devices if device.memory.actions]
        if not devices:
            return


def report(world, wrong):
    """What a failing test says: what is wrong, how it came, and how to see it again."""
    told = "\n".join([*world.story, "", *dict.fromkeys(wrong)])
    return f"Seed {world.seed}:\n{told}\n\nOnce more: {AGAIN % world.seed}"
