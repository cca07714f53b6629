"""Mistakes that somebody could make, each planted by one patch: the judge must notice them all.

What the judge has to say of each stands beside it in PLANTED: noticed for another reason is not
noticed. Beside that stands which steps are taken more often, so that it shows soon.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from django.db import IntegrityError, transaction

from loyalty import clock, keys
from loyalty.refusals import Refused
from members.ledger import posting
from members.ledger.models import Operation
from stampcards.counter import late, late_forms
from tests.simulation import staffing, steps
from tests.simulation.device import Device


def a_login_page_is_an_answer(patch):
    """The device lets go of its copy on any 200 (pitfall 19)."""
    patch.setattr(Device, "may_forget", lambda device, answer, key: answer.status == 200)
    good = staffing._answered

    def answered(device, tap, answer):
        good(device, tap, answer)
        device.forget(tap.key)

    patch.setattr(staffing, "_answered", answered)
    patch.setattr(staffing, "is_ours", lambda answer: answer.status in (200, 302, 422))


def a_4xx_is_a_decision(patch):
    """The device drops what the server did not take, were it only for an old token."""
    good = Device.may_forget

    def may_forget(device, answer, key):
        return good(device, answer, key) or 400 <= answer.status < 500

    patch.setattr(Device, "may_forget", may_forget)


def nothing_is_written_before_it_is_sent(patch):
    patch.setattr(Device, "remember", lambda device, what: None)


def the_screen_counts_taps(patch):
    """Three stamps that were saved at once are "1 waiting"."""
    patch.setattr("tests.simulation.device.stamps", lambda actions: len(list(actions)))


def numbers_are_given_again(patch):
    """The next number follows what waits, not the highest that was ever given."""

    def highest(device, counter):
        waiting = [each["seq"] for each in device.in_order() if each["counter"] == counter]
        return max(waiting, default=0)

    patch.setattr(Device, "highest", highest)


def the_key_is_not_looked_for(patch):
    """Whatever arrives is new: a repeat is booked as if it were another tap."""
    good, seen = late.take_in, Counter()

    def take_in(device, saved):
        seen[saved.key] += 1
        again = keys.derived("again", saved.key, seen[saved.key])
        action = good(device, saved if seen[saved.key] == 1 else replace(saved, key=again))
        action.key = saved.key
        return action

    patch.setattr(late, "take_in", take_in)


def the_queue_books_under_keys_of_its_own(patch):
    """A stamp whose answer was lost is not recognised when it comes through the queue."""

    def book(action):
        late._give(action, {**action.asked, "key": str(late._meant(action)), "again": "True"})

    patch.setattr(late, "_book", book)


def what_was_booked_is_listed_too(patch):
    patch.setattr(late, "_was_booked", lambda action: False)


def device_clocks_are_believed(patch):
    """What the device calls now is taken for now."""
    good = late_forms.SavedForm.saved

    def saved(form):
        told = good(form)
        device_now = form.cleaned_data["now"] / 1000
        return replace(told, age=told.age + timedelta(seconds=clock.now().timestamp() - device_now))

    patch.setattr(late_forms.SavedForm, "saved", saved)


def any_age_is_believed(patch):
    _overlook(patch, late.TooOld, late.AheadOfTime)


def a_revoked_counter_still_books(patch):
    _overlook(patch, late.CounterSwitchedOff)


def clocks_are_not_compared(patch):
    good = late_forms.SavedForm.saved
    patch.setattr(late_forms.SavedForm, "saved", lambda form: replace(good(form), clock_off=False))


def nobody_counts_the_numbers(patch):
    patch.setattr(late, "note_missing", lambda counter, **report: None)


def a_wiped_memory_is_not_noticed(patch):
    patch.setattr(late, "note_wiped", lambda counter, **report: 0)


def what_was_taken_back_counts(patch):
    good = late.take_in
    patch.setattr(
        late, "take_in", lambda device, saved: good(device, replace(saved, cancelled=False))
    )


def the_key_is_kept_before_the_work_is_done(patch):
    """Two transactions, and the power goes between them (pitfall 6)."""

    def once(question, body):
        op = posting._begun(question)
        try:
            op.save(force_insert=True)
            with transaction.atomic():
                posting.lock(question.memberships)
                answer = body(op)
        except IntegrityError as clash:
            return posting._replay(question, clash)
        except Refused as refusal:
            Operation.objects.filter(pk=op.pk).update(answer=refusal.stored())
            raise
        Operation.objects.filter(pk=op.pk).update(answer=answer)
        return answer

    patch.setattr(posting, "_once", once)


def _overlook(patch, *reasons):
    good = late._must_wait

    def must_wait(device, action):
        refusal = good(device, action)
        return None if isinstance(refusal, reasons) else refusal

    patch.setattr(late, "_must_wait", must_wait)


WEATHER = {steps.the_air: 40}
WIPES = {steps.a_wipe: 20}
NAPS = {steps.a_nap: 20}
REGRETS = {steps.a_change_of_mind: 20, steps.the_air: 40}
CHANGES = {steps.new_codes: 20, steps.a_switch: 10}
PLANTED = [
    (a_login_page_is_an_answer, "it is done, and it is not", WEATHER),
    (a_4xx_is_a_decision, "gone without a trace", WEATHER),
    (nothing_is_written_before_it_is_sent, "gone without a trace", {}),
    (the_screen_counts_taps, "wait, and", {}),
    (numbers_are_given_again, "nobody is told", WIPES),
    (nobody_counts_the_numbers, "nobody is told", WIPES),
    (a_wiped_memory_is_not_noticed, "nobody is told", WIPES),
    (what_was_taken_back_counts, "taken back before it was sent at once", REGRETS),
    (the_key_is_not_looked_for, "nobody tapped", WEATHER),
    (the_queue_books_under_keys_of_its_own, "counted twice", {}),
    (what_was_booked_is_listed_too, "on the manager's list at once", CHANGES),
    (the_key_is_kept_before_the_work_is_done, "never decided", {}),
    (device_clocks_are_believed, "dated", {}),
    (any_age_is_believed, "written down", NAPS),
    (clocks_are_not_compared, "clock off", {}),
    (a_revoked_counter_still_books, "which is switched off", CHANGES),
]
