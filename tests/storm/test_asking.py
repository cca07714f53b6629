"""The same key has the same answer: what must be the same in it, and what is news."""

from uuid import uuid4

import pytest

from tests.storm.asking import Act, Reply

LINE = '<div class="undo"><span class="grow"><svg></svg><span>{}</span></span></div>'
REFUSAL = '<p class="message error" role="alert"><svg><use href="#x"/></svg><span>{}</span></p>'


def same(kind, first, then, *, status=200, page=LINE, location=""):
    act = Act(kind, uuid4(), {})
    replies = [Reply(status, location, page.format(said)) for said in (first, then)]
    return act.essence(replies[0]) == act.essence(replies[1])


def test_it_works():
    assert same("stamp", "Maja: 1 stamp. Now 2 of 6.", "Maja: 1 stamp. Now 2 of 6.")


@pytest.mark.parametrize("then", ["Maja: 2 stamps. Now 2 of 6.", "Maja: 1 stamp. Now 3 of 6.", ""])
def test_another_number_is_another_answer(then):
    assert not same("stamp", "Maja: 1 stamp. Now 2 of 6.", then)


def test_how_the_card_stands_now_is_news():
    assert same("hand over", "Handed out. Now 3 points.", "Handed out. Now 8 points.")
    assert not same("hand over", "Handed out. Now 3 points.", "Undone. Now 3 points.")


def test_another_reason_is_another_answer():
    refused = {"status": 422, "page": REFUSAL}

    assert not same("claim", "1 more is needed for this.", "2 more are needed.", **refused)
    assert not same("undo", "Already used. By Ada.", "Already used. By Bo.", **refused)


def test_by_which_link_a_reward_is_shown_is_news_and_which_reward_is_not():
    first, other, link = (
        Reply(302, f"/m/{link}/reward/{claim}/", "")
        for link, claim in (("a", 1), ("a", 2), ("b", 1))
    )
    act = Act("claim", uuid4(), {})

    assert act.essence(first) == act.essence(link)
    assert act.essence(first) != act.essence(other)
