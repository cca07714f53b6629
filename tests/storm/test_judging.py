"""The judge notices what it is there for: a few operations, and one thing wrong with them."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from tests.storm.asking import Act, Reply
from tests.storm.books import Booked, Books
from tests.storm.judging import judge

TODAY = date(2026, 3, 10)
DONE, REFUSED = Reply(302, "", ""), Reply(422, "", "")
PLACES = 4
STAMPS, POINTS = ("A", "stamps"), ("A", "points")


class Story:
    """What was asked and what the books say, one after another. Each takes a second."""

    def __init__(self):
        self.acts, self.booked, self.claims, self.states = [], [], {}, {}
        self.balances = {}

    def asked(self, kind, reply=DONE, **asked):
        now = float(len(self.acts) + 1)
        key = uuid4()
        act = Act(kind, key, asked, keys=[key], sent=now, answered=now + 0.5, reply=reply)
        self.acts.append(act)
        return act

    def wrote(self, act, *lines, refused="", kind="", made="", card=""):
        """`card`: on which it was booked, if that is not the one that was asked for."""
        key = act.key if isinstance(act, Act) else act
        card = card or (act.asked.get("card", "") if isinstance(act, Act) else "A")
        kind = kind or (act.kind if isinstance(act, Act) else "stamp")
        booked = Booked(key, kind, len(self.booked), card, False, refused, TODAY, made)
        booked.lines = list(lines)
        self.booked.append(booked)
        return booked

    def verdict(self):
        sequence = {}
        for booked in self.booked:
            for name, _kind, amount in booked.lines:
                sequence.setdefault(name, []).append(booked.place)
                self.balances[name] = self.balances.get(name, 0) + amount
        owes_nothing = {name: (balance, 0) for name, balance in self.balances.items()}
        books = Books(self.booked, self.claims, self.states, owes_nothing, sequence)
        return judge(self.acts, books, PLACES)


@pytest.fixture
def story():
    """Card A joined, and has three stamps."""
    story = Story()
    joined = story.asked("join", friend_of="")
    story.wrote(joined, (STAMPS, "earn", 1), made="A")
    story.wrote(story.asked("stamp", card="A", given=2), (STAMPS, "earn", 2))
    return story


def full(story):
    """Three more fill the card: its reward is claim 1."""
    act = story.asked("stamp", card="A", given=3)
    story.wrote(act, (STAMPS, "earn", 3), (STAMPS, "spend", -6))
    story.claims[1], story.states[act.key, 0] = (act.key, 0), ("ready", "A")
    return act


def test_it_works(story):
    full(story)

    assert story.verdict().wrong == []


def test_what_was_acknowledged_and_is_not_in_the_books_is_lost(story):
    story.asked("stamp", card="A", given=1)

    assert len(story.verdict().lost) == 1


def test_what_was_acknowledged_and_then_refused_in_the_books_is_lost(story):
    story.wrote(story.asked("claim", card="A"), refused="points_missing")

    assert len(story.verdict().lost) == 1


def test_what_stands_under_two_keys_of_one_wish_is_doubled(story):
    act = story.asked("stamp", card="A", given=1)
    story.wrote(act, (STAMPS, "earn", 1))
    act.keys.append(uuid4())
    story.wrote(act.keys[1], (STAMPS, "earn", 1))

    assert len(story.verdict().doubled) == 1


def test_what_nobody_asked_for_is_doubled(story):
    story.wrote(UUID(int=7), (STAMPS, "earn", 1))

    assert "nobody asked" in story.verdict().doubled[0]


def test_what_nobody_ever_answered_has_failed(story):
    act = story.asked("stamp", None, card="A", given=1)
    story.wrote(act, (STAMPS, "earn", 1))

    assert len(story.verdict().failed) == 1


def test_a_refusal_of_what_was_done_is_a_mismatch(story):
    story.wrote(story.asked("stamp", REFUSED, card="A", given=1), (STAMPS, "earn", 1))

    assert "done, and answered" in story.verdict().mismatched[0]


@pytest.mark.parametrize("booked", [(STAMPS, "earn", 3), (POINTS, "earn", 2)])
def test_other_entries_than_were_asked_for_are_a_mismatch(story, booked):
    story.wrote(story.asked("stamp", card="A", given=2), booked)

    assert "booked" in story.verdict().mismatched[0]


def test_a_reward_handed_out_twice_is_a_mismatch(story):
    full(story)
    for _ in range(2):
        story.wrote(story.asked("hand over", card="A", claim=1))

    assert "was handed_over" in story.verdict().mismatched[0]


def test_a_reward_without_the_points_is_a_mismatch(story):
    story.wrote(story.asked("claim", card="A"), (POINTS, "spend", -20))

    assert "0 points for a reward" in story.verdict().mismatched[0]


def test_a_refusal_with_reason_is_none(story):
    story.wrote(story.asked("claim", REFUSED, card="A"), refused="points_missing")

    verdict = story.verdict()

    assert verdict.wrong == []
    assert verdict.refused == {"claim: points_missing": 1}


def test_a_refusal_for_another_reason_is_a_mismatch(story):
    story.wrote(story.asked("claim", REFUSED, card="A"), refused="reward_sold_out")

    assert "refused without need" in story.verdict().mismatched[0]


def test_a_reward_refused_before_it_was_used_is_a_mismatch(story):
    full(story)
    refused = story.asked("hand over", REFUSED, card="A", claim=1)
    story.wrote(refused, refused="already_used")
    story.wrote(story.asked("hand over", card="A", claim=1))
    [claim] = story.states
    story.states[claim] = ("handed_over", "A")

    assert "refused without need" in story.verdict().mismatched[0]


def test_a_reward_refused_while_somebody_else_took_it_is_none(story):
    full(story)
    taken = story.asked("hand over", card="A", claim=1)
    refused = story.asked("hand over", REFUSED, card="A", claim=1)
    refused.sent = taken.sent  # both at once: who was first, only the books know
    story.wrote(taken)
    story.wrote(refused, refused="already_used")
    [claim] = story.states
    story.states[claim] = ("handed_over", "A")

    assert story.verdict().wrong == []


def became_a(story):
    """Card B joined, and is part of card A now."""
    story.wrote(story.asked("join", friend_of=""), (("B", "stamps"), "earn", 1), made="B")
    story.wrote(story.asked("merge", card="A", gone="B"), (("B", "stamps"), "adjust", -1))


def reserve(story, card):
    act = story.asked("reserve", card=card)
    story.wrote(act, card="A")
    story.claims[len(story.claims) + 1], story.states[act.key, 0] = (act.key, 0), ("ready", "A")


def test_what_is_refused_by_the_link_of_a_merged_card_is_about_what_it_became(story):
    became_a(story)
    for card in "AB":  # all a member may have
        reserve(story, card)
    refused = story.asked("reserve", REFUSED, card="B")
    story.wrote(refused, refused="reward_limit_reached", card="A")

    assert story.verdict().wrong == []


def test_points_of_the_card_it_became_are_points(story):
    story.wrote(story.asked("earn", card="A", given=20), (POINTS, "earn", 20))
    became_a(story)
    refused = story.asked("claim", REFUSED, card="B")
    story.wrote(refused, refused="points_missing", card="A")

    assert "refused without need" in story.verdict().mismatched[0]


@pytest.mark.parametrize(("left", "wrong"), [(4, False), (5, True)])
def test_a_till_tells_what_the_card_has_by_it(story, left, wrong):
    told = f'<div class="undo"><span class="grow"><span>A: 1 stamp. Now {left} of 6.</span></span>'
    act = story.asked("stamp", Reply(200, "", told), card="A", given=1)
    act.client = 0
    story.wrote(act, (STAMPS, "earn", 1))

    assert bool(story.verdict().mismatched) == wrong


def test_what_was_let_go_is_not_held(story):
    reserve(story, "A")
    [claim] = story.states
    story.states[claim] = ("cancelled", "A")
    story.wrote(story.asked("let go", card="A", claim=1))
    story.wrote(story.asked("let go", REFUSED, card="A", claim=1), refused="early_not_held")

    assert story.verdict().wrong == []


def test_what_is_held_is_refused_to_nobody_who_lets_it_go(story):
    reserve(story, "A")
    story.wrote(story.asked("let go", REFUSED, card="A", claim=1), refused="early_not_held")

    assert "refused without need" in story.verdict().mismatched[0]


def test_what_was_asked_after_an_answer_comes_after_it(story):
    first = story.asked("stamp", card="A", given=1)
    second = story.asked("stamp", card="A", given=1)
    story.wrote(second, (STAMPS, "earn", 1))
    story.wrote(first, (STAMPS, "earn", 1))

    assert "booked earlier" in story.verdict().mismatched[0]


def test_a_balance_that_is_no_sum_is_a_mismatch(story):
    story.balances[STAMPS] = 1

    assert "not 3 and 0" in story.verdict().mismatched[0]
