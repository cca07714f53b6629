import pytest
from django.urls import reverse


@pytest.fixture
def at(shop):
    """at("late", …): the address of an owner's page of this shop."""
    return lambda name, *more: reverse(f"owner:{name}", args=[shop.slug, *more])
