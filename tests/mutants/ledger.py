"""Faults in the ledger: twice, never, too much, too soon, under the wrong lock."""

from tests.mutants.planting import Edit, Mutant

POSTING = "members/ledger/posting.py"
MODELS = "members/ledger/models.py"
TABLES = "members/ledger/migrations/0001_initial.py"

MUTANTS = [
    Mutant(
        "The key is checked before the transaction, and nothing is unique in it.",
        file=POSTING,
        old=(
            "    try:\n"
            "        with transaction.atomic(durable=True):\n"
            "            op = _begun(question)\n"
        ),
        new=(
            "    if Operation.objects.filter(key=question.key).exists():\n"
            "        return _replay(question, IntegrityError())\n"
            "    try:\n"
            "        with transaction.atomic(durable=True):\n"
            "            op = _begun(question)\n"
        ),
        also=(
            Edit(
                file=TABLES,
                old='fields=("shop", "key"), name="operation_once"',
                new='fields=("shop", "key", "id"), name="operation_once"',
            ),
        ),
        killed_by=("tests/races/test_one_key.py::test_over_http_one_stamp_is_booked",),
    ),
    Mutant(
        "A key that was used for something else is taken for a repeat.",
        file=POSTING,
        old="if not question.repeats(earlier):",
        new="if earlier.kind != question.kind:",
        killed_by=(
            "tests/members/ledger/test_once.py::test_same_key_for_something_else_is_refused_and_books_nothing",
        ),
        quick=True,
    ),
    Mutant(
        "A refusal is not kept with its key, so the repeat is decided anew.",
        file=POSTING,
        old=("    except Refused as refusal:\n        return _refuse(question, refusal)\n"),
        new=("    except Refused:\n        raise\n"),
        killed_by=(
            "tests/members/ledger/test_once.py::test_a_refused_act_repeated_is_refused_the_same_way",
        ),
    ),
    Mutant(
        "A membership of another shop is let into an operation.",
        file="members/ledger/questions.py",
        old="if any(membership.shop_id != actor.shop.pk for membership in memberships):",
        new="if any(membership.shop_id is None for membership in memberships):",
        killed_by=("tests/members/ledger/test_once.py::test_another_shops_card_is_a_bug_of_ours",),
    ),
    Mutant(
        "Nobody waits: the memberships are read without a lock.",
        file="members/ledger/locking.py",
        old='Membership.objects.select_for_update(no_key=True, of=("self",)).filter(',
        new="Membership.objects.filter(",
        killed_by=(
            "tests/races/test_points.py::test_of_twenty_that_spend_what_is_enough_for_ten_ten_succeed",
        ),
        engine="postgres",
    ),
    Mutant(
        "The balance is read and decided on before the lock.",
        file=POSTING,
        old=(
            "            if not (question.reads_cards and is_locked_by_itself()):\n"
            "                refuse_deleted(op, lock(question.memberships))\n"
            "            answer = body(op)\n"
        ),
        new=(
            "            answer = body(op)\n"
            "            refuse_deleted(op, lock(question.memberships))\n"
        ),
        killed_by=(
            "tests/races/test_points.py::test_of_twenty_that_spend_what_is_enough_for_ten_ten_succeed",
        ),
        engine="postgres",
    ),
    Mutant(
        "Two cards are locked in the order in which they are named.",
        file="members/ledger/locking.py",
        old="    ids = sorted(membership.pk for membership in memberships)\n",
        new="    ids = [membership.pk for membership in memberships]\n",
        killed_by=("tests/races/test_merging.py::test_they_never_wait_for_each_other",),
        engine="postgres",
    ),
    Mutant(
        "The database lets a balance go below zero.",
        file=TABLES,
        old='condition=models.Q(("balance__gte", 0)), name="account_never_negative"',
        new='condition=models.Q(("balance__gte", -1000)), name="account_never_negative"',
        killed_by=("tests/members/ledger/test_posting.py::test_the_database_itself_refuses",),
    ),
    Mutant(
        "One table of the ledger has no trigger.",
        file="members/ledger/triggers.py",
        old="never_changed=(LedgerEntry._meta.db_table, Allocation._meta.db_table),",
        new="never_changed=(LedgerEntry._meta.db_table,),",
        killed_by=(
            "tests/members/ledger/test_triggers.py::test_it_is_refused_and_nothing_changes[raw_update-Allocation]",
        ),
    ),
    Mutant(
        "An operation's answer can be given a second time.",
        file="members/ledger/triggers.py",
        old="WHEN OLD.answer IS NOT NULL OR NEW.answer IS NULL OR",
        new="WHEN NEW.answer IS NULL OR",
        killed_by=("tests/members/ledger/test_triggers.py::test_an_answer_is_given_once",),
    ),
    Mutant(
        "INSERT OR REPLACE passes the triggers of SQLite.",
        file="loyalty/settings.py",
        old="PRAGMA synchronous=FULL;PRAGMA recursive_triggers=ON;",
        new="PRAGMA synchronous=FULL;",
        killed_by=(
            "tests/members/ledger/test_triggers.py::test_it_is_refused_and_nothing_changes[insert_or_replace-LedgerEntry]",
        ),
    ),
    Mutant(
        "TRUNCATE passes the triggers of PostgreSQL.",
        file="loyalty/triggers.py",
        old="            yield never_truncated(self.app, table)\n",
        new="",
        killed_by=(
            "tests/members/ledger/test_triggers.py::test_it_is_refused_and_nothing_changes[truncate-LedgerEntry]",
        ),
        engine="postgres",
    ),
    Mutant(
        "Triggers that a rebuilt table lost are not made again.",
        file="loyalty/triggers.py",
        old="        post_migrate.connect(self._arm_after_migrate, sender=config, weak=False)\n",
        new="",
        killed_by=("tests/members/ledger/test_triggers.py::test_a_migrated_database_is_armed",),
    ),
    Mutant(
        "What never runs out is spent first.",
        file=MODELS,
        old='F("expires_on").asc(nulls_last=True), "pk"',
        new='F("expires_on").asc(nulls_first=True), "pk"',
        killed_by=(
            "tests/members/ledger/test_posting.py::test_the_soonest_date_goes_first_and_no_date_last",
        ),
    ),
    Mutant(
        "What has run out can be spent until the night job comes.",
        file=POSTING,
        old="lots = list(Lot.objects.filter(account=entry.account).usable(today).soonest_first())",
        new="lots = list(Lot.objects.filter(account=entry.account).left().soonest_first())",
        killed_by=(
            "tests/members/ledger/test_posting.py::test_what_has_run_out_cannot_be_spent_however_late_the_job_is",
        ),
    ),
    Mutant(
        "The last good day does not count.",
        file=MODELS,
        old=("self.left()\n            .filter(Q(expires_on=None) | Q(expires_on__gte=today))"),
        new=("self.left()\n            .filter(Q(expires_on=None) | Q(expires_on__gt=today))"),
        killed_by=(
            "tests/members/ledger/test_posting.py::test_the_last_day_is_a_good_day_until_midnight_in_the_shop",
        ),
    ),
    Mutant(
        "Stamps and points run out on their last good day.",
        file=MODELS,
        old="return self.left().filter(expires_on__lt=today)",
        new="return self.left().filter(expires_on__lte=today)",
        killed_by=(
            "tests/members/ledger/test_expiry.py::test_the_day_ends_at_midnight_in_the_shop",
        ),
    ),
    Mutant(
        "A day of the shop is a day of UTC.",
        file=MODELS,
        old="return moment.astimezone(shop.zone).date()",
        new="return moment.date()",
        killed_by=(
            "tests/members/ledger/test_expiry.py::test_the_day_ends_at_midnight_in_the_shop",
        ),
    ),
    Mutant(
        "What is earned does not pay what is owed.",
        file=POSTING,
        old="    if account.shortfall and (owed := min(account.shortfall, accounts.spendable(op, account))):",
        new="    if account.shortfall < 0 and (owed := min(account.shortfall, accounts.spendable(op, account))):",
        killed_by=(
            "tests/members/voiding/test_void.py::test_an_earlier_stamp_eaten_by_a_full_card_is_owed",
        ),
    ),
    Mutant(
        "An undo gives back to a new lot, with a new date.",
        file="members/ledger/reversing.py",
        old="        if today and lot.expires_on and lot.expires_on < today:\n",
        new="        if today and lot.expires_on:\n",
        killed_by=(
            "tests/members/ledger/test_undoing.py::test_a_spending_undone_goes_back_to_the_same_lots",
        ),
    ),
    Mutant(
        "An act is reversed twice.",
        file="members/operations.py",
        old="if LedgerEntry.objects.filter(reverses__operation=undone).exists():",
        new="if undone.answer is None:",
        also=(
            Edit(
                file=TABLES,
                old='fields=("reverses",), name="entry_undone_once"',
                new='fields=("reverses", "id"), name="entry_undone_once"',
            ),
        ),
        killed_by=("tests/members/test_undo.py::test_twice_is_refused",),
    ),
    Mutant(
        "A refund keeps the points that were spent meanwhile.",
        file="members/ledger/reversing.py",
        old="        entry.account.shortfall += due - there\n",
        new="",
        killed_by=(
            "tests/members/voiding/test_void_points.py::test_earned_ten_spent_eight_takes_two_and_eight_are_owed",
        ),
    ),
    Mutant(
        "A counter undoes what another one did.",
        file="members/operations.py",
        old=("        counter=actor.counter,\n        occurred_at__gte=today,"),
        new="        occurred_at__gte=today,",
        killed_by=("tests/members/test_undo.py::test_another_counter_cannot",),
    ),
    Mutant(
        "A merge forgets which lots it emptied.",
        file=POSTING,
        old="    allocate(debit, [(lot, lot.remaining) for lot in lots])\n",
        new="    Lot.objects.filter(pk__in=[lot.pk for lot in lots]).update(remaining=0)\n",
        killed_by=("tests/members/ledger/test_transfer.py::test_it_works",),
        quick=True,
    ),
    Mutant(
        "A merge lets everything last for ever.",
        file=POSTING,
        old='Line(into, Kind.TRANSFER, lot.remaining, reason="merge", expires_on=lot.expires_on)',
        new='Line(into, Kind.TRANSFER, lot.remaining, reason="merge")',
        killed_by=("tests/members/ledger/test_transfer.py::test_it_works",),
    ),
    Mutant(
        "The monthly statement forgets what was taken back.",
        file="members/ledger/statements.py",
        old="ADJUSTED = ~(EARNED | RESTORED | REDEEMED | EXPIRED)",
        new="ADJUSTED = Q(kind__in=[Kind.ADJUST, Kind.TRANSFER])",
        killed_by=(
            "tests/members/ledger/test_statements.py::test_a_full_card_undone_restores_and_adjusts",
        ),
    ),
    Mutant(
        "A stamp that came late changes a month that is over.",
        file="members/ledger/statements.py",
        old="When(operation__recorded_at__lt=end, then=Value(n))",
        new="When(operation__occurred_at__lt=end, then=Value(n))",
        killed_by=(
            "tests/members/ledger/test_statements.py::test_what_arrives_late_belongs_to_the_month_it_was_booked_in",
        ),
    ),
    Mutant(
        "The audit does not look into the lots.",
        file="members/ledger/audit.py",
        old='balance=F("booked"), lifetime=F("earned"), in_lots=F("balance")',
        new='balance=F("booked"), lifetime=F("earned")',
        killed_by=("tests/members/ledger/test_audit.py::test_a_forgery_is_named",),
    ),
]
