"""Faults at the doors: scopes, sessions, cookies, uploads, files, redirects."""

from tests.mutants.planting import Mutant

ACCESS = "loyalty/access.py"

MUTANTS = [
    Mutant(
        "Entering a shop does not hide the others.",
        file=ACCESS,
        old="request.shop_scope.enter_context(scope(shop=shop))",
        new="request.shop_scope.enter_context(scope(shop=None))",
        killed_by=("tests/loyalty/test_access.py::test_within_a_shop_the_other_one_is_not_there",),
    ),
    Mutant(
        "A role in any shop opens every shop.",
        file=ACCESS,
        old="role = get_object_or_404(roles, shop__slug=slug, person_id=request.user.pk)",
        new="role = get_object_or_404(roles, shop__slug=slug)",
        killed_by=("tests/loyalty/test_access.py::test_the_stranger_next_door_meets_a_404",),
    ),
    Mutant(
        "A page nobody thought about is open to all.",
        file="loyalty/settings.py",
        old='    "loyalty.access.SignInRequired",  # pages are private by default\n',
        new="",
        killed_by=("tests/dashboard/test_doors.py::test_no_browser_keeps_an_owners_page",),
    ),
    Mutant(
        "A manager does what only an owner may.",
        file="loyalty/models/shops.py",
        old="return self.level >= level",
        new="return self.level >= min(level, self.Level.MANAGER)",
        killed_by=("tests/loyalty/test_access.py::test_smaller_roles_meet_a_403",),
    ),
    Mutant(
        "A manager gives the role of an owner.",
        file="loyalty/roles.py",
        old="return [Level.STAFF] if giver.level == Level.MANAGER else []",
        new="return list(Level) if giver.level == Level.MANAGER else []",
        killed_by=("tests/loyalty/test_roles.py::test_a_manager_raises_nobody",),
    ),
    Mutant(
        "A lost device goes on stamping after it was switched off.",
        file=ACCESS,
        old="return _counter_among(PAIRED, request)",
        new="return _counter_among(DEVICE, request)",
        killed_by=(
            "tests/loyalty/test_access.py::test_a_revoked_counter_is_out_at_its_next_request",
        ),
        quick=True,
    ),
    Mutant(
        "A dismissed colleague stays on the till.",
        file=ACCESS,
        old=(
            "    if counter and counter.staff and not counter.staff.active:\n"
            "        counter.staff = None\n"
        ),
        new="",
        killed_by=(
            "tests/loyalty/test_access.py::test_whoever_was_dismissed_is_no_longer_on_the_till",
        ),
    ),
    Mutant(
        "A pairing code works twice.",
        file="loyalty/operations.py",
        old="            pairing_hash=None, device_hash=keys.hashed(device), paired_at=clock.now()\n",
        new="            device_hash=keys.hashed(device), paired_at=clock.now()\n",
        killed_by=("tests/loyalty/test_operations.py::test_a_pairing_link_works_once",),
    ),
    Mutant(
        "Forms are taken without a token.",
        file="loyalty/settings.py",
        old='    "django.middleware.csrf.CsrfViewMiddleware",\n',
        new="",
        killed_by=(
            "tests/stampcards/counter/test_queue.py::test_without_the_token_nothing_is_taken_in",
        ),
    ),
    Mutant(
        "A card's page takes a post from another site.",
        file="members/access.py",
        old='        if request.method not in ("GET", "HEAD") and _is_from_elsewhere(request):\n',
        new='        if request.method == "PUT" and _is_from_elsewhere(request):\n',
        killed_by=("tests/members/joining/test_join.py::test_a_post_from_another_site_is_refused",),
    ),
    Mutant(
        "Signing in leads to another host.",
        file="loyalty/adapter.py",
        old='        return ours and url is not None and url.startswith("/")\n',
        new='        return ours or (url is not None and url.startswith("//"))\n',
        killed_by=("tests/loyalty/test_signin.py::test_nobody_is_sent_to_another_site",),
    ),
    Mutant(
        "An unknown address is answered otherwise than a known one.",
        file="loyalty/signin.py",
        old="    with transaction.atomic():  # the mail is a row: no person without it, no row without a person\n",
        new=(
            "    if not EmailAddress.objects.filter(email=email).exists():\n"
            "        return False\n"
            "    with transaction.atomic():  # the mail is a row: no person without it, no row without a person\n"
        ),
        killed_by=("tests/loyalty/test_signin.py::test_nobody_learns_who_has_an_account",),
    ),
    Mutant(
        "Asking for codes is not limited.",
        file="loyalty/settings.py",
        old='    "request_login_code": "60/m/ip,5/10m/key",\n',
        new='    "request_login_code": "60/m/ip",\n',
        killed_by=("tests/loyalty/test_signin.py::test_too_many_codes_are_refused_in_words",),
    ),
    Mutant(
        "Limits are counted in the memory of each process.",
        file="loyalty/settings.py",
        old='default="dbcache://shared_cache"',
        new='default="locmemcache://"',
        killed_by=(
            "tests/management/test_production.py::test_what_one_process_counts_every_other_one_knows",
        ),
    ),
    Mutant(
        "An owner signed in before they had a second factor is let in without it.",
        file="loyalty/security/middleware.py",
        old="        if not proofs.has_proved_a_factor(request):\n",
        new='        if request.method == "POST" and not proofs.has_proved_a_factor(request):\n',
        killed_by=(
            "tests/loyalty/security/test_required.py::test_a_browser_signed_in_before_there_was_a_factor_is_asked_for_it",
        ),
    ),
    Mutant(
        "Five minutes after signing in are for ever.",
        file="loyalty/security/proofs.py",
        old='return any(record["at"] > limit for record in records)',
        new='return any(record["at"] for record in records) or not limit',
        killed_by=(
            "tests/loyalty/security/test_lately.py::test_after_five_minutes_they_are_asked",
        ),
    ),
    Mutant(
        "Somebody else accepts an invitation.",
        file="loyalty/invitations/operations.py",
        old=("        if not is_for(kept, person):\n            raise ForSomebodyElse\n"),
        new="",
        killed_by=(
            "tests/loyalty/invitations/test_accept.py::test_a_stranger_with_the_link_gets_nothing",
        ),
    ),
    Mutant(
        "A spreadsheet runs what a customer typed in full width.",
        file="loyalty/downloads.py",
        old='FORMULA_STARTS = ("=", "+", "-", "@", "\\t", "\\r", "＝", "＋", "－", "＠")',
        new='FORMULA_STARTS = ("=", "+", "-", "@")',
        killed_by=(
            "tests/loyalty/test_downloads.py::test_text_that_would_be_a_formula_is_shown_as_text",
        ),
        quick=True,
    ),
    Mutant(
        "A picture is unpacked before its size is looked at.",
        file="loyalty/pictures/encoding.py",
        old=(
            "        _refuse_bombs(image, upload)\n"
            "        return _as_webp(ImageOps.exif_transpose(_small(image)))\n"
        ),
        new=(
            "        small = _small(image)\n"
            "        _refuse_bombs(image, upload)\n"
            "        return _as_webp(ImageOps.exif_transpose(small))\n"
        ),
        killed_by=("tests/loyalty/pictures/test_zoo.py::test_the_header_is_enough_to_refuse_it",),
    ),
    Mutant(
        "A picture runs scripts where it is shown.",
        file="loyalty/pictures/views.py",
        old="frame-ancestors 'none'; sandbox",
        new="frame-ancestors 'none'",
        killed_by=(
            "tests/loyalty/pictures/test_pictures.py::test_its_headers_keep_it_harmless_and_cached",
        ),
    ),
    Mutant(
        "PINs are counted without a lock.",
        file="loyalty/pins.py",
        old='people = StaffMember.objects.select_for_update(no_key=True, of=("self",))',
        new="people = StaffMember.objects.all()",
        killed_by=("tests/races/test_pins.py::test_exactly_five_of_many_are_tried",),
        engine="postgres",
    ),
    Mutant(
        "A mailed code has a fourth try.",
        file="loyalty/security/tries.py",
        old="tries__lt=MOST",
        new="tries__lte=MOST",
        killed_by=("tests/loyalty/security/test_tries.py::test_it_works",),
    ),
    Mutant(
        "Tries of one code are counted for another.",
        file="loyalty/security/tries.py",
        old="filter(digest=digest, tries__lt=MOST)",
        new="filter(tries__lt=MOST)",
        killed_by=("tests/loyalty/security/test_tries.py::test_each_code_has_its_own",),
    ),
    Mutant(
        "A try is counted after looking how many there were.",
        file="loyalty/security/tries.py",
        old='    return bool(left.update(tries=F("tries") + 1))\n',
        new=(
            "    found = left.exists()\n"
            '    TriedCode.objects.filter(digest=digest).update(tries=F("tries") + 1)\n'
            "    return found\n"
        ),
        killed_by=("tests/races/test_tries.py::test_three_of_many_are_compared",),
    ),
]
