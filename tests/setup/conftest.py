from tests.setup.people import at_work, browser, owner, unfinished  # noqa: F401  # fixtures
