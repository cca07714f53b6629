"""Faults that reach people: consent, mail, erasing, who is who."""

from tests.mutants.planting import Edit, Mutant

MAILING = "members/messages/mailing.py"

MUTANTS = [
    Mutant(
        "News goes to members who never said yes to it.",
        file=MAILING,
        old="    if not wants(card, purpose):\n",
        new="    if purpose == Purpose.SERVICE and not wants(card, purpose):\n",
        killed_by=(
            "tests/members/messages/test_tell.py::test_nobody_is_mailed_who_did_not_choose_it",
        ),
        quick=True,
    ),
    Mutant(
        "Early access is mailed as if it were a receipt.",
        file="rewards/vip/telling.py",
        old=(
            '        values={"name": drop.name, "price": drop.price, "event": drop.is_event},\n'
            "        purpose=Message.Purpose.NEWS,\n"
        ),
        new=(
            '        values={"name": drop.name, "price": drop.price, "event": drop.is_event},\n'
            "        purpose=Message.Purpose.SERVICE,\n"
        ),
        killed_by=("tests/rewards/vip/test_telling.py::test_it_works",),
    ),
    Mutant(
        "A mail that waits goes out although its reader stopped it.",
        file="members/messages/wishes.py",
        old="    mailing.call_off(kept, purpose)\n",
        new="",
        killed_by=(
            "tests/members/messages/test_stopping.py::test_what_waits_for_the_morning_does_not_go_out",
        ),
    ),
    Mutant(
        "Mail goes to an address nobody has proved.",
        file=MAILING,
        old="proved = EmailAddress.objects.filter(user=card.person_id, verified=True)",
        new="proved = EmailAddress.objects.filter(user=card.person_id)",
        killed_by=(
            "tests/members/messages/test_tell.py::test_an_address_that_is_not_proved_theirs_gets_nothing",
        ),
    ),
    Mutant(
        "News comes a third time in a week.",
        file=MAILING,
        old="count() >= NEWS_A_WEEK",
        new="count() > NEWS_A_WEEK",
        killed_by=(
            "tests/members/messages/test_tell.py::test_the_third_news_of_a_week_stands_on_the_card_alone",
        ),
    ),
    Mutant(
        "Two workers send one mail.",
        file="loyalty/outbox/operations.py",
        old="    return due.update(lease_until=now + LEASE) == 1\n",
        new=(
            "    OutboxMessage.objects.filter(pk=message.pk).update(lease_until=now + LEASE)\n"
            "    return True\n"
        ),
        killed_by=("tests/loyalty/test_outbox.py::test_of_two_workers_one_sends",),
    ),
    Mutant(
        "The outbox keeps the mail of somebody who is erased.",
        file="members/messages/operations.py",
        old="    OutboxMessage.objects.filter(posted | _went_out_as_it_was_made(card)).delete()\n",
        new="",
        also=(
            Edit(
                file="members/privacy/people.py",
                old="        OutboxMessage.objects.filter(to__iexact=address).delete()\n",
                new="        str(address)\n",
            ),
        ),
        killed_by=(
            "tests/members/privacy/test_erase.py::test_the_mail_is_gone_and_who_said_yes_can_be_proved",
        ),
    ),
    Mutant(
        "The mail that brought a new card's link is kept for ever.",
        file="members/messages/operations.py",
        old="OutboxMessage.objects.filter(posted | _went_out_as_it_was_made(card)).delete()",
        new="OutboxMessage.objects.filter(posted).delete()",
        killed_by=(
            "tests/members/privacy/test_erase.py::test_an_address_that_was_only_said_at_the_counter_is_gone",
        ),
    ),
    Mutant(
        "An erased card keeps its note.",
        file="members/privacy/forgetting.py",
        old='        "note": "",\n',
        new="",
        killed_by=("tests/members/privacy/test_erase.py::test_it_works",),
    ),
    Mutant(
        "The link of an erased card still opens it.",
        file="members/privacy/forgetting.py",
        old='        "private": keys.secret(bits=LINK_BITS),\n',
        new="",
        killed_by=("tests/members/privacy/test_erase.py::test_its_codes_and_links_lead_nowhere",),
    ),
    Mutant(
        "A restored backup is not erased again.",
        file="members/privacy/erasures.py",
        old='            return "erased" if erase(card, now=now)["cards"] else ""\n',
        new='            return "erased"\n',
        killed_by=("tests/members/privacy/test_restore.py::test_it_works",),
    ),
    Mutant(
        "A deleted card comes back after its 14 days.",
        file="members/privacy/operations.py",
        old="    if card.erased_at or clock.now() >= (card.comes_back_until or card.leaving_since):\n",
        new="    if card.erased_at:\n",
        killed_by=(
            "tests/members/privacy/test_leave.py::test_after_14_days_nothing_brings_it_back",
        ),
    ),
    Mutant(
        "A card that somebody saved is saved over by another person.",
        file="members/operations.py",
        old=(
            "    if membership.merged_into_id:\n"
            "        raise NotMergeable\n"
            "    if membership.person_id not in (None, instead_of, person.pk):\n"
            "        raise SavedByAnother\n"
            "    membership.person = person\n"
        ),
        new=(
            "    if membership.merged_into_id:\n"
            "        raise NotMergeable\n"
            "    membership.person = person\n"
        ),
        killed_by=("tests/members/test_save_card.py::test_somebody_elses_card_is_not_taken_over",),
    ),
    Mutant(
        "Two people's cards are made one at the counter.",
        file="members/merging.py",
        old=(
            "    if actor.channel != Channel.CARD and _are_two_people(gone, kept):\n"
            "        raise SavedByTwo\n"
        ),
        new="",
        killed_by=(
            "tests/members/merging/test_who_may_undo.py::test_cards_of_two_people_are_not_merged_by_the_shop",
        ),
    ),
    Mutant(
        "A replaced code still opens the card.",
        file="members/operations.py",
        old=(
            "    retire_codes(op, membership, membership)\n"
            "    membership.counter_code = codes.counter_code()\n"
        ),
        new="    retire_codes(op, membership, membership)\n",
        killed_by=("tests/members/test_replace_codes.py::test_it_works",),
    ),
    Mutant(
        "A programme ends before members had thirty days.",
        file="members/ending/dates.py",
        old="wanted.honoured_until < today + NOTICE:",
        new="wanted.honoured_until < today:",
        killed_by=(
            "tests/members/ending/test_announcing.py::test_thirty_days_are_enough_and_a_refusal_names_the_day",
        ),
    ),
    Mutant(
        "A programme ends on its last good day.",
        file="members/ending/operations.py",
        old="Programme.objects.filter(honoured_until__lt=local_day(shop, now))",
        new="Programme.objects.filter(honoured_until__lte=local_day(shop, now))",
        also=(
            Edit(
                file="members/ending/operations.py",
                old="ended.filter(honoured_until__lt=local_day(op.shop",
                new="ended.filter(honoured_until__lte=local_day(op.shop",
            ),
        ),
        killed_by=("tests/members/ending/test_over.py::test_on_the_last_day_nothing_is_taken",),
    ),
    Mutant(
        "An end is called off after collecting is over.",
        file="members/ending/operations.py",
        old="> end.collects_until:",
        new="is None:",
        killed_by=("tests/members/ending/test_announcing.py::test_and_then_not_any_more",),
    ),
    Mutant(
        "A newcomer is erased for a card of the same number.",
        file="members/privacy/erasures.py",
        old="filter(shop=shop, joined_at=made)",
        new="filter(shop=shop)",
        killed_by=(
            "tests/members/privacy/test_restore.py::test_a_newcomer_with_an_old_number_is_left_alone",
        ),
    ),
    Mutant(
        "Who changed their mind is erased after a restore.",
        file="members/privacy/erasures.py",
        old='if line["called_off_at"]:',
        new='if line["called_off_at"] and line["erased_at"]:',
        killed_by=(
            "tests/members/privacy/test_restore.py::test_what_was_brought_back_is_not_erased_by_an_older_wish",
        ),
    ),
    Mutant(
        "A deleted card's mail still goes out.",
        file="members/privacy/operations.py",
        old='    outbox.call_off(OutboxMessage.objects.filter(pk__in=told.values("posted")))\n',
        new="    told.exists()\n",
        killed_by=("tests/members/privacy/test_leave.py::test_no_mail_goes_out",),
    ),
]
