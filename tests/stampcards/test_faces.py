import pytest
from django.utils import translation

from stampcards.faces import CardFace


@pytest.fixture(autouse=True)
def english():
    with translation.override("en-gb"):
        yield


def face(done=0, need=9, **more):
    return CardFace(
        name="Coffee card",
        shop="Kaffe & Kardemomme",
        icon="cup-hot-fill",
        need=need,
        done=done,
        **{"reward": "free hot drink", **more},
    )


def holes(need):
    """Places the grid leaves empty in its last row."""
    return -(need + 1) % int(face(need=need).cols.removeprefix("cols-"))


def test_it_works():
    assert [slot.on for slot in face(3, need=4).slots] == [True, True, True, False]


@pytest.mark.parametrize(
    ("need", "cols"), [(4, 5), (5, 3), (7, 4), (8, 3), (9, 5), (11, 4), (14, 5), (23, 6), (29, 6)]
)
def test_the_grid_is_full_when_a_number_allows_it(need, cols):
    assert face(need=need).cols == f"cols-{cols}"
    assert holes(need) == 0


@pytest.mark.parametrize("need", range(2, 31))
def test_every_size_has_a_grid_that_is_less_than_a_row_short(need):
    assert holes(need) <= 4


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        (0, "Show your code when you pay."),
        (1, "1 stamp so far."),
        (2, "2 stamps so far."),
        (4, "4 stamps so far."),
        (5, "4 to go."),
        (7, "2 to go."),
        (8, "One to go."),
        (9, "Card full. You have earned: free hot drink."),
        (10, "Card full. You have earned: free hot drink."),
    ],
)
def test_the_sentence_of_nine(done, sentence):
    assert face(done).sentence == sentence


@pytest.mark.parametrize("need", range(4, 31, 2))
def test_exactly_half_still_looks_back_and_one_more_looks_ahead(need):
    assert face(need // 2, need).sentence.endswith("so far.")
    assert face(need // 2 + 1, need).sentence.endswith("to go.")


@pytest.mark.parametrize("need", range(2, 31))
def test_one_left_is_said_in_words_whatever_the_size(need):
    assert face(need - 1, need).sentence == "One to go."


def test_the_promise_follows_while_there_is_far_to_go():
    promise = "Your 10th coffee is on us."
    assert face(4, promise=promise).sentence == "4 stamps so far. Your 10th coffee is on us."
    assert face(5, promise=promise).sentence == "4 to go."


def test_other_words_replace_the_sentence():
    assert face(1, words="1 welcome stamp is waiting for you.").sentence.startswith("1 welcome")


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        (0, "New card started."),
        (1, "New card started. 1 stamp carried over."),
        (2, "New card started. 2 stamps carried over."),
    ],
)
def test_a_new_card_says_what_it_carries(done, sentence):
    assert face(done, restarted=True).sentence == sentence


@pytest.mark.parametrize(("done", "to_go"), [(0, 9), (4, 5), (9, 0), (11, 0)])
def test_what_is_left(done, to_go):
    assert face(done).to_go == to_go


@pytest.mark.parametrize(("done", "full"), [(8, False), (9, True), (10, True)])
def test_a_card_is_full_at_its_size(done, full):
    assert face(done).full is full


def test_only_the_last_stamps_are_new():
    assert [slot.number for slot in face(5, new=2).slots if slot.new] == [4, 5]


def test_no_stamp_is_new_on_a_card_at_rest():
    assert not any(slot.new for slot in face(5).slots)


@pytest.mark.parametrize("need", [-1, 0, 1, 31])
def test_a_card_has_two_to_thirty_stamps(need):
    with pytest.raises(ValueError, match="a card has 2 to 30 stamps"):
        face(need=need)
