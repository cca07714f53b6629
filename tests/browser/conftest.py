import pytest

from tests.support.network import Network
from tests.support.tills import become_till, open_till, scan  # noqa: F401  # fixtures


@pytest.fixture
def network(live_server):
    """Between every browser that goes to `network.url` and the site."""
    network = Network(live_server.url)
    yield network
    network.shutdown()
    network.server_close()
