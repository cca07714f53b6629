"""The clients stop when they are told to."""

import pytest

from tests.storm import clients
from tests.storm.clients import Crowd

FOR_EVER = 10**12


class Asker:
    """Somebody who always has another wish."""

    def __init__(self):
        self.number, self.acts = 0, []


def test_a_storm_that_is_stopped_ends(monkeypatch):
    monkeypatch.setattr(clients, "_one", lambda client, tally: client.acts.append("a wish"))
    crowd = Crowd([Asker(), Asker()], FOR_EVER)

    def stop(crowd):
        crowd.wait_for(2)
        raise SystemExit

    with pytest.raises(SystemExit):
        crowd.run(stop)

    assert "stopped" in crowd.troubles[0]
