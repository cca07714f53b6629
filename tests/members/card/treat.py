"""A room with something for birthdays in every shop, for tests that put it in ROOMS."""


def asks_birthday(shop):
    return True
