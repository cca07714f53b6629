"""Keys are ordered by time, secrets are long, and hashes are one way."""

import time
from uuid import UUID

from loyalty import keys


def test_a_key_is_a_uuid_of_version_seven():
    key = keys.new()

    assert (key.version, key.variant) == (7, "specified in RFC 4122")
    assert abs(time.time_ns() // 1_000_000 - (key.int >> 80)) < 1000


def test_keys_are_in_the_order_of_their_making():
    first = keys.new()
    time.sleep(0.002)
    assert first < keys.new()


def test_no_two_are_alike():
    assert len({keys.new() for _key in range(10_000)}) == 10_000


def test_a_derived_key_is_the_same_however_often():
    assert keys.derived("expire", 7, None) == keys.derived("expire", 7, None)
    assert isinstance(keys.derived("expire", 7), UUID)


def test_a_derived_key_tells_things_apart():
    wishes = [("expire", 7, None), ("expire", 7, 1), ("expire", 71), ("remind", 7, None)]
    assert len({keys.derived(*wish) for wish in wishes}) == 4


def test_a_private_link_has_192_bits_and_a_device_256():
    assert len(keys.secret(bits=192)) == 32
    assert len(keys.secret()) == 43
    assert len({keys.secret(bits=192) for _secret in range(1000)}) == 1000


def test_a_hash_tells_nothing_and_stays_the_same():
    secret = keys.secret()

    assert keys.hashed(secret) == keys.hashed(secret)
    assert secret not in keys.hashed(secret)
    assert len(keys.hashed(secret)) == 64
