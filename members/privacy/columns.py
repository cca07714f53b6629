"""Every column there is: who is told of it, or why nobody is. A test finds what is not here.

TOLD        about a member, and in their file: by which way a row is theirs, and the columns
KEPT_OUT    about a person, and not in a member's file, for a reason
NOBODYS     about a shop, its goods and its rules, or about nothing but the machine

`id` and `shop` are on every row. A new column that says something about a member belongs to TOLD,
and into `personal_data` and `forget` of its room.
"""

EVERYWHERE = {"id", "shop"}

TOLD: dict[str, tuple[str, str]] = {
    "account.EmailAddress": ("user__memberships", "email"),
    "birthday.BirthdayGift": ("claim__membership", "year"),
    "card_messages.Message": ("membership", "template values at mail"),
    "counter.LateAction": ("", "happened_at"),
    "friends.Referral": ("member", "state joined_at"),
    "ledger.LedgerEntry": ("account__membership", "amount kind reason"),
    "ledger.Operation": ("membership", "occurred_at"),
    "ledger.Visit": ("membership", "location amount_minor at"),
    "loyalty.Person": ("memberships", "email name language created_at last_login"),
    "members.Consent": ("membership", "purpose words given_at given_by withdrawn_at"),
    "members.Membership": (
        "pk",
        "name person phone birth_day birth_month service_mail note short_code language source "
        "source_detail joined_at accepted_rules_at",
    ),
    "members.PaperCard": ("membership", "printed_at"),
    "notices.Notice": ("membership", "runs_out_on at"),
    "opening.OpeningLine": ("membership", "email"),
    "rewards.Claim": ("membership", "title source state issued_at expires_on"),
    "tiers.TierMove": ("membership", "tier why at"),
    "usersessions.UserSession": ("user__memberships", "created_at ip user_agent"),
    "vip.Reservation": ("membership", "drop state why asked_at"),
    "vip.Vip": ("membership", "since until"),
}

KEPT_OUT: dict[str, dict[str, str]] = {
    "It says whose the row is, and the file is theirs.": {
        "account.EmailAddress": "user",
        "birthday.BirthdayGift": "membership claim",
        "card_messages.Message": "membership",
        "figures.MemberMonth": "membership",
        "friends.Referral": "member",
        "ledger.Account": "membership",
        "ledger.Operation": "membership",
        "ledger.Visit": "membership",
        "members.Consent": "membership",
        "members.PaperCard": "membership",
        "members.RetiredCode": "membership",
        "notices.Notice": "membership",
        "opening.OpeningLine": "membership",
        "privacy.Erasure": "membership cards",
        "rewards.Claim": "membership",
        "tiers.Standing": "membership",
        "tiers.TierMove": "membership",
        "usersessions.UserSession": "user",
        "vip.Reservation": "membership",
        "vip.Vip": "membership",
    },
    "It is somebody else's: a friend, who has a file of their own.": {
        "friends.Referral": "friend",
    },
    "It opens something: a file lies about, and who has the card has the key already.": {
        "loyalty.Person": "password",
        "members.Membership": "private counter_code friend_code",
        "members.PaperCard": "counter_code short_code",
        "members.RetiredCode": "counter_code short_code",
        "mfa.Authenticator": "user type data created_at last_used_at",
        "sessions.Session": "session_key session_data expire_date",
        "account.EmailConfirmation": "email_address created sent key",
        "usersessions.UserSession": "session_key",
    },
    "It adds up or repeats what is in the file.": {
        "figures.MemberMonth": "location month purchases priced spent_minor visits earned redeemed "
        "used",
        "ledger.Account": "programme rule_version balance lifetime shortfall cycle last_seq",
        "ledger.Allocation": "debit lot amount",
        "ledger.LedgerEntry": "account seq qualifying operation visit reverses rule_version",
        "ledger.Lot": "account entry amount remaining expires_on usable_from",
        "ledger.Operation": "key fingerprint kind answer channel recorded_at",
        "ledger.Visit": "operation kind voided_by",
        "members.RetiredCode": "retired_at",
        "rewards.Claim": "terms value_minor minimum_minor percent off_minor account cycle reward "
        "cost instead_of operation use_by",
        "rewards.HandOver": "claim operation at undone_by",
        "tiers.PerkUse": "perk claim at",
        "tiers.Standing": "tier since held_until looked_ahead",
        "tiers.TierMove": "before measured measure window threshold since held_until operation "
        "undone_by",
        "vip.Reservation": "claim operation",
        "friends.Referral": "pays bought_at bought",
        "friends.Thanked": "referral side operation claim at asked_back_by taken_back_by",
    },
    "How far something is on its way, not who somebody is.": {
        "account.EmailAddress": "verified primary",
        "card_messages.Message": "purpose once until seen_at taken_off_at mail_at posted",
        "counter.LateAction": "counter device_seq store state key code asked clock_off refusal "
        "received_at decided_at",
        "loyalty.Person": "is_active",
        "members.Consent": "withdrawn_by",
        "members.Membership": "unclaimed named merged_into leaving_since erased_at",
        "notices.Notice": "days_before",
        "opening.OpeningLine": "name phone code state refusal made",
        "privacy.Erasure": "pseudonym asked_at called_off_at erased_at contact_proof noted_at",
        "usersessions.UserSession": "last_seen_at data",
    },
    "Mail on its way: gone after 30 days, and its text stands among the messages.": {
        "outbox.OutboxMessage": "to template values headers by_day_in language state attempts "
        "created_at next_try_at lease_until sent_at last_error",
    },
    "Of colleagues, not of members: who did it, and who works here. They read it at the shop.": {
        "counter.LateAction": "staff decided_by",
        "counter.NameSearch": "staff",
        "invitations.Invitation": "email name staff level invited_by secret_hash sent_at "
        "accepted_at accepted_by withdrawn_at locations",
        "journal.Change": "actor staff",
        "ledger.Operation": "actor staff counter",
        "ledger.Visit": "counter staff",
        "loyalty.Counter": "staff",
        "loyalty.Person": "is_superuser is_staff groups user_permissions",
        "loyalty.Person_groups": "person group",
        "loyalty.Person_user_permissions": "person permission",
        "loyalty.Role": "person level active locations",
        "loyalty.StaffMember": "name role active pin_hash pin_misses pin_locked_until",
        "members.RuleVersion": "written_by",
        "opening.OpeningFile": "by",
        "rewards.HandOver": "counter staff",
        "vip.Vip": "by ended_by",
    },
}

NOBODYS: dict[str, str] = {
    "auth.Group": "name permissions",
    "auth.Group_permissions": "group permission",
    "auth.Permission": "name content_type codename",
    "birthday.BirthdayTreat": "title terms value_minor bonus days_before days_after off_since",
    "catalogue.Reward": "programme cost name text terms picture behaviour percent amount_minor "
    "bonus value_minor minimum_minor stock per_member starts_on ends_on use_within_days tier "
    "segment created_at retired_at",
    "contenttypes.ContentType": "app_label model",
    "counter.CodeMiss": "counter at",
    "counter.NameSearch": "counter found at",
    "django_tasks_database.DBTaskResult": "status enqueued_at started_at finished_at args_kwargs "
    "priority task_path worker_ids queue_name backend_name run_after return_value "
    "exception_class_path traceback",
    "figures.Goal": "what target until set_at",
    "figures.MembersDay": "day source joined left",
    "figures.ProgrammeDay": "programme day issued redeemed expired",
    "figures.ShopCohort": "location joined month size came",
    "figures.ShopDay": "location day purchases priced revenue_minor attendances rewards_issued "
    "rewards_used",
    "figures.ShopPeriod": "location span since before now again twice first ever came "
    "active earned redeemed",
    "figures.Watermark": "day begun read_at time_zone",
    "friends.Inviting": "pays minimum_minor most_a_month off_since",
    "friends.Thanks": "inviting side behaviour n percent amount_minor title terms value_minor "
    "use_within_days",
    "guard.GuardSettings": "on visits_a_day stamps_a_day burst_visits burst_minutes own_a_day "
    "hours_grace pair_share pair_least pair_days far_times far_least far_days",
    "halts.Halt": "what counter reason since ended_at",
    "invitations.Invitation_locations": "invitation location",
    "journal.Change": "at counter location channel what about before after",
    "loyalty.Counter": "location name pairing_hash pairing_ends device_hash paired_at revoked_at "
    "created_at",
    "loyalty.Location": "name",
    "loyalty.OpeningHours": "location weekday opens closes",
    "loyalty.Role_locations": "role location",
    "loyalty.Shop": "name slug trade country currency language time_zone accent contact_email "
    "address logo created_at saved_card_first live_since paused_since",
    "loyalty.TriedCode": "digest tries first_at",
    "members.PaperCard": "sheet",
    "members.Programme": "kind name created_at paused_since off_since collects_until "
    "honoured_until",
    "members.RuleVersion": "programme number effective_from rules",
    "opening.OpeningFile": "read_at unused asked_at done_at",
    "opening.OpeningLine": "file number balances",
    "outbox.PeriodicJob": "name last_run lease_until found",
    "pictures.Picture": "name data width height made_at",
    "tiers.Ladder": "measure window off_since version settled",
    "tiers.Tier": "ladder name threshold multiplier_percent head_start retired_at instead",
    "tiers.TierPerk": "tier kind title terms value_minor times per retired_at",
    "vip.Drop": "kind name text price picture quantity left per_member others hold_hours "
    "collect_by over_at place starts_at ends_at reply_by created_at scheduled_at closed_at",
    "vip.Opening": "drop at audience tier segment top top_days told_at",
}


def classified() -> list[str]:
    """All of them, as "members.Membership.name"; a column that stands here twice, twice."""
    told = {model: columns for model, (_way, columns) in TOLD.items()}
    return [
        f"{model}.{column}"
        for part in (told, *KEPT_OUT.values(), NOBODYS)
        for model, columns in part.items()
        for column in columns.split()
    ]
