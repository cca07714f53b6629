"""Sixteen clients, until so many things were asked. Each has a seed of its own."""

import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connections

from tests.storm import faults, shop, wishes
from tests.storm.asking import IN_VAIN, PATIENCE, Act, Door, Tally
from tests.storm.wishes import Client, Common

REPEATED = 0.04  # of what was answered is asked once more, under its key
ALTERED = 0.03  # of what was answered is asked otherwise, under its key
REFUSED = 422


@dataclass
class Crowd:
    """All of them. `asked` grows while they ask."""

    clients: list[Client]
    operations: int
    tally: Tally = field(default_factory=Tally)
    asked: int = 0
    moved: threading.Condition = field(default_factory=threading.Condition)
    troubles: list[str] = field(default_factory=list)

    @property
    def acts(self) -> list[Act]:
        return list(itertools.chain.from_iterable(client.acts for client in self.clients))

    def run(self, beside: Callable[["Crowd"], None]) -> None:
        """Until everything was asked. `beside` runs meanwhile: it is what goes wrong."""
        threads = [
            threading.Thread(target=self._live, args=[client], daemon=True)
            for client in self.clients
        ]
        for thread in threads:
            thread.start()
        try:
            beside(self)
        except BaseException as ended:  # also Ctrl-C: nobody asks any more
            self.troubles.append(f"the storm was stopped: {ended!r}")
            raise
        finally:
            for thread in threads:
                thread.join()

    def wait_for(self, asked: int) -> None:
        """Until so many acts were asked, or nobody asks any more."""
        with self.moved:
            self.moved.wait_for(lambda: self.asked >= asked or bool(self.troubles))

    def _live(self, client: Client) -> None:
        try:
            while self._next():
                _one(client, self.tally)
        except Exception as error:  # told in the report: a client that died proves nothing
            self.troubles.append(f"client {client.number}: {error!r}")
            with self.moved:
                self.moved.notify_all()
        finally:
            connections.close_all()

    def _next(self) -> bool:
        with self.moved:
            self.asked = sum(len(client.acts) for client in self.clients)
            self.moved.notify_all()
            return self.asked < self.operations and not self.troubles


def gather(town: shop.Town, host: str, *, operations: int, seed: int, control: str = "") -> Crowd:
    """The clients of a seed. `control`: the planted fault they live with, one of faults.ALL."""
    common = Common(cards=list(town.cards))
    crowd = Crowd([], operations)
    for number, counter in enumerate(town.counters):
        dice = random.Random(f"{seed}-{number}")
        doors = [
            Door(host, cookies, random.Random(f"{seed}-{number}-{place}"), crowd.tally)
            for place, cookies in enumerate([shop.cookie_of(counter), town.owner, {}])
        ]
        for door in doors:
            door.forgetful = control == faults.NEW_KEY
            door.patience = IN_VAIN if control else PATIENCE
        crowd.clients.append(Client(number, dice, *doors, town=town, common=common))
    return crowd


def _one(client: Client, tally: Tally) -> None:
    wanted, weights = zip(*wishes.WISHES, strict=True)
    [wish] = client.dice.choices(wanted, weights)
    act = wish(client)
    wishes.learn(client, act)
    if act.reply is None:
        return
    luck = client.dice.random()
    if luck < REPEATED:
        _repeat(client, act, tally)
    elif luck < REPEATED + ALTERED and act.done:
        _alter(client, act, tally)


def _repeat(client: Client, act: Act, tally: Tally) -> None:
    """The same key once more: the same answer (L4, L6)."""
    if act.again is None or act.reply is None:
        return
    door, path, fields, more = act.again
    reply = door.once_more(path, {**fields, "key": act.keys[-1]}, **more)
    if reply is None:
        return
    tally.note("asked once more")
    first, then = act.essence(act.reply), act.essence(reply)
    if first != then:
        act.wrong.append(f"was answered {first}, then {then}")


def _alter(client: Client, act: Act, tally: Tally) -> None:
    """The same key for something else: refused, and nothing written (L5)."""
    asked = wishes.key_of_another(client, act)
    if asked is None:
        return
    path, fields = asked
    reply = client.till.once_more(path, fields, **wishes.HTMX)
    if reply is None:
        return
    tally.note("key used for something else")
    if reply.status != REFUSED:
        act.wrong.append(f"its key was taken for something else: {reply.status}")


def count(acts: list[Act]) -> Counter[str]:
    return Counter(act.kind for act in acts)
