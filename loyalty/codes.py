"""The codes on a card: a short one to say aloud, a longer one inside the QR.

Neither holds anything about the person, and neither is the card's private link.
"""

import secrets

# No I, L, O, U: nobody reads a 1 for an I, and no code spells a word.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
COUNTER_CODE_LENGTH = 10  # 50 random bits
FRIEND_CODE_LENGTH = 8  # 40 random bits: it is passed on, and opens nothing
SHORT_CODE_LENGTH = 6

# Quasigroup of order 10 by H. Michael Damm (2004). Finds every single slip and every swap of
# neighbours, which are the two mistakes people make when they type a number they heard.
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


def counter_code() -> str:
    """A code for the QR: ten letters that a QR holds in its dense mode."""
    return "".join(secrets.choice(LETTERS) for _ in range(COUNTER_CODE_LENGTH))


def friend_code() -> str:
    """A code for the link one passes on to a friend, in letters a QR holds in its dense mode."""
    return "".join(secrets.choice(LETTERS) for _ in range(FRIEND_CODE_LENGTH))


def short_code() -> str:
    """Six digits, the last one a check digit."""
    digits = f"{secrets.randbelow(10 ** (SHORT_CODE_LENGTH - 1)):0{SHORT_CODE_LENGTH - 1}}"
    return digits + str(_damm(digits))


def spoken(short: str) -> str:
    """A short code as people say it: 482 913."""
    return f"{short[:3]} {short[3:]}"


def could_be(code: str) -> bool:
    """Has it the letters of a QR's code? An address may hold anything, even what no row can."""
    return len(code) == COUNTER_CODE_LENGTH and set(code) <= set(LETTERS)


def is_plausible(short: str) -> bool:
    """Does the check digit fit? If not, it was mistyped and needs no look-up."""
    return len(short) == SHORT_CODE_LENGTH and short.isdecimal() and _damm(short) == 0


def tidy(typed: str) -> str:
    """What somebody typed or scanned, without spaces, dashes and lower case."""
    return "".join(letter for letter in typed.upper() if letter.isalnum() and letter.isascii())


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = DAMM[interim][int(digit)]
    return interim
