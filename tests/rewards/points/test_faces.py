"""What points look like on a card: one number, a bar and the two nearest rewards."""

import pytest
from django.utils import translation

from rewards.points.faces import Goal, PointsFace

BUN, LUNCH, DINNER = (
    Goal("Bun", 40, "40 points"),
    Goal("Free lunch", 100, "100 points"),
    Goal("Dinner", 1200, "1,200 points"),
)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en-gb"):
        yield


def face(balance, *goals, **more):
    return PointsFace("Points", "Kaffe", balance, f"{balance:,} points", goals, **more)


def names(goals):
    return [goal.name for goal in goals]


def test_it_works():
    maja = face(64, LUNCH, DINNER)

    assert (maja.number, maja.unit) == ("64", "points")
    assert maja.sentence == "36 to go: Free lunch."
    assert (maja.have, maja.need) == (64, 100)
    assert names(maja.nearest) == ["Free lunch", "Dinner"]


@pytest.mark.parametrize(
    ("balance", "goals", "sentence"),
    [
        (0, [LUNCH], "Show your code when you pay."),
        (0, [], "Show your code when you pay."),
        (64, [], ""),
        (99, [LUNCH], "1 to go: Free lunch."),
        (100, [LUNCH], "Enough for: Free lunch."),
        (114, [BUN, LUNCH, DINNER], "Enough for: Free lunch."),
        (12_345, [BUN, LUNCH, DINNER], "Enough for: Dinner."),
        (1, [DINNER], "1,199 to go: Dinner."),
    ],
)
def test_the_sentence_follows_the_points(balance, goals, sentence):
    assert face(balance, *goals).sentence == sentence


@pytest.mark.parametrize("balance", [0, 1, 39, 40, 41, 99, 100, 1199, 1200, 12_345])
def test_the_bar_never_goes_beyond_its_end(balance):
    shown = face(balance, BUN, LUNCH, DINNER)

    assert 0 <= shown.have <= shown.need


@pytest.mark.parametrize(
    ("balance", "nearest"),
    [
        (0, ["Bun", "Free lunch"]),
        (40, ["Bun", "Free lunch"]),
        (114, ["Free lunch", "Dinner"]),
        (12_345, ["Free lunch", "Dinner"]),
    ],
)
def test_the_two_nearest_stand_on_either_side(balance, nearest):
    assert names(face(balance, BUN, LUNCH, DINNER).nearest) == nearest


def test_words_of_its_own_replace_the_sentence():
    assert face(0, LUNCH, words="Come in.").sentence == "Come in."


def test_what_landed_is_shown_beside_the_number():
    assert face(71, new=7).landed == "+7"
    assert face(71).landed == ""


def test_a_long_number_is_parted_as_the_reader_parts_it():
    assert (face(12_345).number, face(12_345).unit) == ("12,345", "points")
