"""Faults in what is earned and given: points, rewards, levels, friends, early access."""

from tests.mutants.planting import Edit, Mutant

GIVEN = "rewards/operations.py"
FRIENDS = "rewards/friends/operations.py"

MUTANTS = [
    Mutant(
        "A reward is handed over without a look at its state.",
        file=GIVEN,
        old="    ready = Claim.objects.ready(today).filter(membership=membership)\n",
        new="    ready = Claim.objects.filter(membership=membership)\n",
        killed_by=(
            "tests/rewards/test_hand_over.py::test_after_its_last_day_it_is_gone_however_late_the_job_is",
        ),
    ),
    Mutant(
        "What is handed over is looked at first and written afterwards.",
        file=GIVEN,
        old="    if not ready.update(state=Claim.State.HANDED_OVER):\n",
        new=(
            "    claim.refresh_from_db()\n"
            "    Claim.objects.filter(pk=claim.pk).update(state=Claim.State.HANDED_OVER)\n"
            "    if claim.state != Claim.State.READY:\n"
        ),
        killed_by=(
            "tests/races/test_one_reward.py::test_without_the_lock_the_update_itself_decides",
        ),
        engine="postgres",
    ),
    Mutant(
        "The reward of another card is accepted.",
        file=GIVEN,
        old="    ready = Claim.objects.ready(today).filter(membership=membership)\n",
        new="    ready = Claim.objects.ready(today)\n",
        killed_by=("tests/rewards/test_hand_over.py::test_somebody_elses_reward_is_refused",),
        quick=True,
    ),
    Mutant(
        "A shop that hands out to saved cards only hands out to all.",
        file=GIVEN,
        old="    if must_be_saved(membership):\n        raise SaveFirst\n    op.redeems",
        new="    op.redeems",
        killed_by=(
            "tests/rewards/test_hand_over.py::test_an_unsaved_card_is_asked_to_be_saved_first_where_the_owner_wants_that",
        ),
    ),
    Mutant(
        "The last one in stock is looked at before it is taken.",
        file="rewards/catalogue/stock.py",
        old=(
            '    took = Reward.objects.filter(pk=reward.pk, stock__gt=0).update(stock=F("stock") - 1)\n'
            "    if not took:\n"
        ),
        new=(
            '    left = Reward.objects.values_list("stock", flat=True).get(pk=reward.pk) or 0\n'
            "    Reward.objects.filter(pk=reward.pk, stock__gt=0).update(stock=left - 1)\n"
            "    if not left:\n"
        ),
        killed_by=("tests/races/test_points.py::test_the_last_one_goes_to_one_of_many",),
        engine="postgres",
    ),
    Mutant(
        "What a member has used does not count for their limit.",
        file="rewards/catalogue/operations.py",
        old="had = Claim.objects.filter(membership=membership, reward=reward).standing().count()",
        new='had = Claim.objects.filter(membership=membership, reward=reward, state="ready").count()',
        killed_by=("tests/rewards/catalogue/test_choosing.py::test_what_was_used_counts_as_well",),
    ),
    Mutant(
        "Points are reckoned in binary fractions.",
        file="rewards/points/rules.py",
        old="by_amount = Fraction(self.rate) * amount / self.every_minor",
        new="by_amount = Fraction(float(self.rate) * amount / self.every_minor)",
        killed_by=("tests/rewards/points/test_rules.py::test_an_amount_earns_whole_points",),
        quick=True,
    ),
    Mutant(
        "An amount becomes a float on its way to minor units.",
        file="loyalty/money.py",
        old="minor = int(amount * MINOR_PER_UNIT)",
        new="minor = int(float(amount) * MINOR_PER_UNIT)",
        killed_by=("tests/loyalty/test_money.py::test_minor_units_are_whole_numbers",),
        quick=True,
    ),
    Mutant(
        "A change of rules shortens what was earned before it.",
        file="members/ledger/lasting.py",
        old="    live.filter(expires_on__lt=until).update(expires_on=until)\n",
        new="    live.filter(expires_on__isnull=False).update(expires_on=until)\n",
        also=(
            Edit(
                file="rewards/points/operations.py",
                old="    for older in lasting.rules_of_lots(account).exclude(pk=account.rule_version_id):\n",
                new="    for older in lasting.rules_of_lots(account).none():\n",
            ),
        ),
        killed_by=(
            "tests/rewards/points/test_lasting.py::test_of_two_idle_rules_the_longer_counts",
        ),
    ),
    Mutant(
        "Many stamps at once fill one card only.",
        file="stampcards/operations.py",
        old="    while left >= (rules := StampRules.read(account.rule_version.rules)).need:\n",
        new="    for rules in [StampRules.read(account.rule_version.rules)] * (left >= StampRules.read(account.rule_version.rules).need):\n",
        killed_by=(
            "tests/stampcards/test_add_stamps.py::test_seventeen_on_an_empty_card_of_eight",
        ),
    ),
    Mutant(
        "The day's limit of stamps is counted by UTC.",
        file="stampcards/operations.py",
        old="midnight, next_one = day_of(op.occurred_at, op.shop.zone)",
        new="midnight, next_one = day_of(op.occurred_at, op.occurred_at.tzinfo)",
        killed_by=("tests/stampcards/test_asking_first.py::test_the_day_is_the_shops",),
    ),
    Mutant(
        "A level falls with what is spent.",
        file="rewards/tiers/measure.py",
        old='return standing, Sum("qualifying"), "account__membership"',
        new='return standing, Sum("amount"), "account__membership"',
        killed_by=(
            "tests/rewards/tiers/test_climbing.py::test_what_was_spent_counts_for_the_next_level",
        ),
    ),
    Mutant(
        "Exactly enough does not reach the level.",
        file="rewards/tiers/climbing.py",
        old="if tier.threshold <= n][-1]",
        new="if tier.threshold < n or not tier.threshold][-1]",
        killed_by=("tests/rewards/tiers/test_climbing.py::test_it_works",),
    ),
    Mutant(
        "A voided visit still counts for the level.",
        file="rewards/tiers/measure.py",
        old='visits = Visit.objects.filter(_between("at", since, before), voided_by=None)',
        new='visits = Visit.objects.filter(_between("at", since, before))',
        killed_by=("tests/rewards/tiers/test_taking_back.py::test_it_works",),
    ),
    Mutant(
        "A friend who only came by pays like one who bought.",
        file=FRIENDS,
        old="    if not purchase.bought or purchase.attended or purchase.amount_minor == 0:\n",
        new="    if purchase.amount_minor == 0:\n",
        killed_by=("tests/rewards/friends/test_paying.py::test_coming_by_is_no_purchase",),
    ),
    Mutant(
        "The same mailbox, spelt otherwise, is a friend.",
        file="rewards/friends/mailboxes.py",
        old='    local = local.partition("+")[0]\n',
        new="",
        killed_by=("tests/rewards/friends/test_refused.py::test_it_works",),
    ),
    Mutant(
        "A full month does not stop the next thanks.",
        file=FRIENDS,
        old="paid_this_month(membership, op.occurred_at) >= _most(op.shop)",
        new="paid_this_month(membership, op.occurred_at) > _most(op.shop)",
        killed_by=("tests/rewards/friends/test_paying.py::test_the_limit",),
    ),
    Mutant(
        "An undone first purchase leaves whoever brought the friend their thanks.",
        file=FRIENDS,
        old=(
            "        _move(referral, State.JOINED)\n        ask_back(op, referral, Side.MEMBER)\n"
        ),
        new="        _move(referral, State.JOINED)\n",
        killed_by=("tests/rewards/friends/test_taken_back.py::test_it_works",),
    ),
    Mutant(
        "Who types another birthday gets a second treat.",
        file="rewards/birthday/operations.py",
        old="return own.filter(Q(year=year) | Q(claim__issued_at__gt=now - APART)).exists()",
        new="return own.filter(year=year).exists()",
        also=(
            Edit(
                file="rewards/birthday/operations.py",
                old="filter(days.between(first, last), ~Exists(lately))",
                new="filter(days.between(first, last))",
            ),
        ),
        killed_by=(
            "tests/rewards/birthday/test_give_treats.py::test_nor_does_a_date_of_the_next_year_that_is_near",
        ),
    ),
    Mutant(
        "More is reserved early than there is.",
        file="rewards/vip/places.py",
        old='if not Drop.objects.filter(pk=drop.pk, left__gt=0).update(left=F("left") - 1):\n',
        new='if not Drop.objects.filter(pk=drop.pk).update(left=F("left") - 1):\n',
        killed_by=("tests/rewards/vip/test_reserve.py::test_the_last_one_is_gone",),
    ),
    Mutant(
        "Early access is decided without a lock on what is left.",
        file="rewards/vip/places.py",
        old='drops = Drop.objects.select_for_update(no_key=True, of=("self",))',
        new="drops = Drop.objects.all()",
        killed_by=(
            "tests/races/test_early_access.py::test_with_the_lock_even_the_naive_way_is_right",
        ),
        engine="postgres",
    ),
    Mutant(
        "A newcomer overtakes those who wait for a place.",
        file="rewards/vip/places.py",
        old="return left <= in_line(drop, now).count()",
        new="return left <= 0",
        killed_by=(
            "tests/rewards/vip/test_events.py::test_a_newcomer_does_not_overtake_those_who_wait",
        ),
    ),
    Mutant(
        "Somebody is given a place while the evening goes on.",
        file="rewards/vip/waiting.py",
        old="return drop.is_over(now) or (",
        new="return drop.is_over(now) and (",
        killed_by=("tests/rewards/vip/test_proving.py::test_nor_while_it_goes_on",),
    ),
    Mutant(
        "Who gives back what was handed out lets another one have it.",
        file="rewards/vip/places.py",
        old="filter(pk=claim.pk, state=Claim.State.READY)",
        new="filter(pk=claim.pk)",
        killed_by=("tests/rewards/vip/test_reserve.py::test_handed_out_it_can_not_be_given_back",),
    ),
    Mutant(
        "One member reserves one more than the owner allows.",
        file="rewards/vip/operations.py",
        old="if had >= drop.per_member:",
        new="if had > drop.per_member:",
        killed_by=("tests/rewards/vip/test_reserve.py::test_one_each",),
    ),
    Mutant(
        "Early access begins before its hour.",
        file="rewards/vip/operations.py",
        old="if rights[0].opening.at > now:",
        new="if rights[0].opening.at is None:",
        killed_by=("tests/rewards/vip/test_reserve.py::test_before_the_first_opening_nobody",),
    ),
    Mutant(
        "A known number is a friend's.",
        file="rewards/friends/doubts.py",
        old="return _same_number(earlier, card, own) or _same",
        new="return _same",
        killed_by=("tests/rewards/friends/test_refused.py::test_a_number_that_is_on_another_card",),
    ),
    Mutant(
        "A level gives something after levels were switched off.",
        file="rewards/tiers/standing.py",
        old="Tier.objects.filter(stands | AT_BASE, ladder__off_since=None)",
        new="Tier.objects.filter(stands | AT_BASE)",
        killed_by=(
            "tests/rewards/tiers/test_climbing.py::test_while_levels_are_off_nobody_has_one",
        ),
    ),
    Mutant(
        "A level is lost on its last day.",
        file="rewards/tiers/climbing.py",
        old="held.held_until < self.today:",
        new="held.held_until <= self.today:",
        also=(
            Edit(
                file="rewards/tiers/operations.py",
                old="Q(held_until__lt=local_day(ladder.shop, now))",
                new="Q(held_until__lte=local_day(ladder.shop, now))",
            ),
        ),
        killed_by=("tests/rewards/tiers/test_time.py::test_it_works",),
    ),
    Mutant(
        "A level is lost while the shop is on pause.",
        file="rewards/tiers/models.py",
        old="off_since=None, shop__paused_since=None, ",
        new="off_since=None, ",
        killed_by=("tests/rewards/tiers/test_time.py::test_nor_while_the_shop_is_on_pause",),
    ),
]
