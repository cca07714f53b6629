"""Faults in what keeps a site going: halts, health, copies, mail, the demo."""

from tests.mutants.planting import Mutant

MUTANTS = [
    Mutant(
        "Stamps are given while earning is halted.",
        file="members/ledger/halting.py",
        old="earns=op.earns, redeems",
        new="earns=False, redeems",
        killed_by=("tests/loyalty/halts/test_halting.py::test_every_way_to_collect_is_stopped",),
        quick=True,
    ),
    Mutant(
        "A halt of one shop stops the shop next door.",
        file="loyalty/halts/models.py",
        old="filter(stops, Q(shop=None) | Q(shop=shop))",
        new="filter(stops)",
        killed_by=("tests/loyalty/halts/test_halting.py::test_the_shop_next_door_goes_on",),
    ),
    Mutant(
        "What was halted once stays halted.",
        file="loyalty/halts/models.py",
        old="return self.filter(ended_at=None)",
        new="return self.all()",
        killed_by=("tests/loyalty/halts/test_halting.py::test_it_works",),
    ),
    Mutant(
        "That it was halted is kept as the answer to a key.",
        file="members/ledger/posting.py",
        old="    except Halted:\n        raise  #",
        new="    except Halted as halted:\n        return _refuse(question, halted)  #",
        killed_by=(
            "tests/loyalty/halts/test_halting.py::test_what_is_refused_books_nothing_and_may_be_asked_again",
        ),
    ),
    Mutant(
        "Visitors are sent to books that disagree.",
        file="loyalty/health.py",
        old='exclude(found="").exists()',
        new='exclude(found="").exists() and not clock.now()',
        killed_by=(
            "tests/loyalty/test_health.py::test_what_is_wrong_goes_to_the_log_only[red_audit]",
        ),
    ),
    Mutant(
        "Visitors are sent to a ledger without triggers.",
        file="loyalty/health.py",
        old="for each in found if each.is_serious()",
        new="for each in found if each.is_silenced()",
        killed_by=(
            "tests/loyalty/test_health.py::test_what_is_wrong_goes_to_the_log_only[no_trigger]",
        ),
    ),
    Mutant(
        "A mail that is a moment old takes the site away.",
        file="loyalty/health.py",
        old="due(clock.now() - WAITS_TOO_LONG)",
        new="due(clock.now())",
        killed_by=(
            "tests/loyalty/test_health.py::test_mail_that_is_due_for_minutes_is_no_trouble",
        ),
    ),
    Mutant(
        "A copy is made by copying the file.",
        file="loyalty/management/backups.py",
        old='        cursor.execute("VACUUM INTO %s", [str(target)])\n',
        new='        target.write_bytes(Path(cursor.db.settings_dict["NAME"]).read_bytes())\n',
        killed_by=(
            "tests/management/test_restore.py::test_a_mere_cp_of_the_file_misses_what_was_committed",
        ),
    ),
    Mutant(
        "The newest copies are thrown away.",
        file="loyalty/management/backups.py",
        old="copies(folder)[:-keep]",
        new="copies(folder)[keep:]",
        killed_by=(
            "tests/management/test_backup.py::test_the_newest_are_kept_and_other_files_are_left_alone",
        ),
    ),
    Mutant(
        "Everybody on the machine may read a copy.",
        file="loyalty/management/backups.py",
        old="os.O_EXCL, 0o600",
        new="os.O_EXCL, 0o644",
        killed_by=("tests/management/test_backup.py::test_only_its_owner_may_read_it",),
    ),
    Mutant(
        "Restoring overwrites what is there, unasked.",
        file="loyalty/management/restoring.py",
        old="if tables() and not replace:",
        new="if tables() and replace is None:",
        killed_by=("tests/management/test_restore.py::test_what_is_there_already_is_left_alone",),
    ),
    Mutant(
        "A restored copy is not audited.",
        file="loyalty/management/restoring.py",
        old="list(audit.disagreements()):",
        new="list(audit.disagreements())[:0]:",
        killed_by=(
            "tests/management/test_restore.py::test_a_copy_that_does_not_add_up_is_not_called_restored",
        ),
    ),
    Mutant(
        "A session of the copy opens the restored site.",
        file="loyalty/management/restoring.py",
        old="    Session.objects.all().delete()\n",
        new="",
        killed_by=(
            "tests/management/test_restore.py::test_what_is_older_than_the_world_is_put_right",
        ),
    ),
    Mutant(
        "Mail of the copy is sent once more.",
        file="loyalty/management/restoring.py",
        old="call_off(OutboxMessage.objects.all())",
        new="call_off(OutboxMessage.objects.none())",
        killed_by=(
            "tests/management/test_restore.py::test_what_is_older_than_the_world_is_put_right",
        ),
    ),
    Mutant(
        "Restoring brings erased people back.",
        file="loyalty/management/restoring.py",
        old="if journal.exists() else None",
        new="if journal.is_dir() else None",
        killed_by=(
            "tests/management/test_restore.py::test_what_is_older_than_the_world_is_put_right",
        ),
    ),
    Mutant(
        "A mail that was sent is sent again.",
        file="loyalty/outbox/operations.py",
        old="        state=State.SENT,\n        sent_at=now,\n",
        new="        sent_at=now,\n",
        killed_by=("tests/loyalty/test_outbox.py::test_twice_sends_once",),
    ),
    Mutant(
        "A mail goes out while another worker sends it.",
        file="loyalty/outbox/models.py",
        old="return waiting.order_by(",
        new="return (waiting | self.filter(state=OutboxMessage.State.WAITING, next_try_at__lte=now)).order_by(",
        killed_by=("tests/loyalty/test_outbox.py::test_of_two_workers_one_sends",),
    ),
    Mutant(
        "A code stays readable after it was mailed.",
        file="loyalty/outbox/operations.py",
        old="        lease_until=None,\n        values={},\n",
        new="        lease_until=None,\n",
        killed_by=("tests/loyalty/test_outbox.py::test_a_code_is_not_kept_once_it_is_on_its_way",),
    ),
    Mutant(
        "Two workers do one job.",
        file="loyalty/outbox/periodic.py",
        old="filter(due, free, name=name)",
        new="filter(due, name=name)",
        killed_by=(
            "tests/management/test_ticking.py::test_while_one_worker_is_at_it_the_other_leaves_it",
        ),
    ),
    Mutant(
        "The demo's link signs in for ever.",
        file="loyalty/management/demo/signin.py",
        old="signer.unsign(link, max_age=LIFE)",
        new="signer.unsign(link)",
        killed_by=("tests/management/demo/test_doors.py::test_a_link_is_good_for_a_day",),
    ),
    Mutant(
        "The demo's door is open on every site.",
        file="loyalty/urls.py",
        old="if settings.DEMO:",
        new="if settings.DEMO is not None:",
        killed_by=("tests/management/test_production.py::test_the_demos_sign_in_does_not_exist",),
    ),
    Mutant(
        "The demo fills the database of a real shop.",
        file="loyalty/management/commands/demo.py",
        old="if not settings.DEMO:",
        new="if settings.DEMO is None:",
        killed_by=(
            "tests/management/test_production.py::test_the_demo_leaves_a_real_installation_alone",
        ),
    ),
    Mutant(
        "Starting the demo over empties a server's database.",
        file="loyalty/management/demo/databases.py",
        old='if connection.vendor != "sqlite":',
        new='if connection.vendor == "":',
        killed_by=(
            "tests/management/demo/test_command.py::test_starting_over_leaves_a_server_alone",
        ),
    ),
]
