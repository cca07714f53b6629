"""Faults at the till: codes, searches, and what was saved without a network."""

from tests.mutants.planting import Mutant

LATE = "stampcards/counter/late.py"
FINDING = "stampcards/counter/finding.py"

MUTANTS = [
    Mutant(
        "A late action is booked under a key of its own.",
        file=LATE,
        old='        _give(action, {**asked, "key": str(action.key)})\n',
        new='        _give(action, {**asked, "key": str(keys.new())})\n',
        killed_by=(
            "tests/stampcards/counter/test_late.py::test_a_stamp_whose_answer_was_lost_counts_once",
        ),
    ),
    Mutant(
        "What waits for a manager is booked by a belated copy of the tap.",
        file=LATE,
        old="        set_aside(key=cast(UUID, action.key), actor=Actor(action.shop, Channel.JOB))\n",
        new='        keys.derived("aside", action.key)\n',
        killed_by=(
            "tests/stampcards/counter/test_late.py::test_a_belated_copy_of_a_held_tap_books_nothing",
        ),
    ),
    Mutant(
        "A device dates its stamps into the future.",
        file=LATE,
        old=("    if happened > action.received_at + AHEAD:\n        return AheadOfTime()\n"),
        new="",
        killed_by=(
            "tests/stampcards/counter/test_late.py::test_what_lies_ahead_waits_for_a_manager",
        ),
    ),
    Mutant(
        "A stamp of last week counts by itself.",
        file=LATE,
        old="    if happened < action.received_at - longest:\n",
        new="    if happened < action.received_at - 31 * longest:\n",
        killed_by=(
            "tests/stampcards/counter/test_late.py::test_what_is_too_old_waits_for_a_manager",
        ),
    ),
    Mutant(
        "What a switched-off counter had saved counts by itself.",
        file=LATE,
        old="    if device.revoked_at or action.counter_id != device.pk:\n",
        new="    if action.counter_id != device.pk:\n",
        killed_by=(
            "tests/stampcards/counter/test_late.py::test_a_counter_switched_off_hands_in_to_the_manager_only",
        ),
    ),
    Mutant(
        "A number that never came is not missed.",
        file=LATE,
        old="        LateAction.objects.bulk_create(_notice(counter, seq, State.MISSING) for seq in lost)\n",
        new="        LateAction.objects.bulk_create(_notice(counter, seq, State.MISSING) for seq in lost[:0])\n",
        killed_by=("tests/stampcards/counter/test_late_numbers.py::test_a_lost_number_is_noticed",),
    ),
    Mutant(
        "A code of another shop opens its card.",
        file=FINDING,
        old="    if known.shop_id != counter.shop_id:\n",
        new="    if known.shop_id is None:\n",
        killed_by=(
            "tests/stampcards/counter/test_finding.py::test_another_shops_card_is_named_and_nothing_else",
        ),
    ),
    Mutant(
        "Wrong numbers may be guessed without end.",
        file=FINDING,
        old=("    if len(latest) == MISSES:\n        raise"),
        new=("    if len(latest) > MISSES:\n        raise"),
        killed_by=("tests/stampcards/counter/test_finding.py::test_ten_wrong_codes_pause_typing",),
    ),
    Mutant(
        "Guesses at the same moment are counted as one.",
        file="loyalty/models/counters.py",
        old='mine = self.select_for_update(no_key=True, of=("self",)).filter(pk=counter.pk)',
        new="mine = self.filter(pk=counter.pk)",
        killed_by=(
            "tests/stampcards/counter/test_guessing_at_once.py::test_ten_are_looked_up_however_many_come_at_once",
        ),
        engine="postgres",
    ),
    Mutant(
        "A mistyped number is looked up.",
        file=FINDING,
        old=("    if not codes.is_plausible(short):\n        raise Mistyped\n"),
        new="",
        killed_by=(
            "tests/stampcards/counter/test_finding.py::test_a_wrong_check_digit_keeps_what_was_typed_and_counts_no_miss",
        ),
    ),
    Mutant(
        "A deleted card is stamped.",
        file=FINDING,
        old=(
            "    if card.leaving_since:\n"
            "        raise DeletedCard(day=timezone.localdate(card.leaving_since).isoformat())\n"
        ),
        new="",
        killed_by=(
            "tests/members/privacy/test_leave.py::test_the_counter_refuses_it_and_shows_nothing",
        ),
    ),
    Mutant(
        "The till becomes a directory.",
        file="stampcards/counter/searching.py",
        old=("        _refuse_while_paused(counter, now)\n        NameSearch"),
        new="        NameSearch",
        killed_by=(
            "tests/stampcards/counter/test_searching.py::test_so_many_an_hour_and_then_it_waits",
        ),
    ),
    Mutant(
        "What our server can't take (400) is dropped from the queue.",
        file="static/js/counter-queue.js",
        old='actions.put({ ...action, state: "attention" });',
        new="actions.delete(action.key);",
        killed_by=(
            "tests/browser/test_counter_offline.py::test_what_our_server_cannot_take_waits_for_somebody_to_look",
        ),
    ),
    Mutant(
        "Whatever a network answers with 400 is dropped from the queue.",
        file="static/js/counter-queue.js",
        old="if (status >= 200 && status < 300 && body?.key === action.key) {",
        new="if (status === 400 || body?.key === action.key) {",
        killed_by=(
            "tests/browser/test_counter_offline.py::test_no_wrong_answer_makes_the_till_forget",
        ),
    ),
    Mutant(
        "An answer to another tap empties the queue.",
        file="static/js/counter-queue.js",
        old="status < 300 && body?.key === action.key",
        new="status < 300 && body?.key",
        killed_by=(
            "tests/browser/test_counter_offline.py::test_no_wrong_answer_makes_the_till_forget",
        ),
    ),
]
