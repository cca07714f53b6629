"""How to ask every owner's page for something of another shop's."""

from tests.walker.addresses import NOBODYS, Address, guess, theirs

OWNERS: dict[str, Address] = {
    "owner:shops": NOBODYS,
    "owner:week": theirs(),
    "owner:week_csv": theirs(),
    "owner:ask_owner": theirs(),
    "owner:goal": theirs(),
    "owner:drop_goal": theirs(),
    "owner:open_counter": theirs(),
    "owner:programme": theirs(),
    "owner:card": theirs(pk=lambda other: other.programme.pk),
    "owner:card_preview": theirs(pk=lambda other: other.programme.pk),
    "owner:use_version": theirs(pk=lambda other: other.programme.pk, number=lambda other: 1),
    "owner:new_card": theirs(),
    "owner:new_card_preview": theirs(),
    "owner:points": theirs(),
    "owner:points_preview": theirs(),
    "owner:use_rules": theirs(number=lambda other: 1),
    "owner:take_rules_back": theirs(),
    "owner:pause": theirs(pk=lambda other: other.programme.pk),
    "owner:resume": theirs(pk=lambda other: other.programme.pk),
    "owner:switch_off": theirs(pk=lambda other: other.programme.pk),
    "owner:switch_on": theirs(pk=lambda other: other.programme.pk),
    "owner:end": theirs(pk=lambda other: other.programme.pk),
    "owner:end_preview": theirs(pk=lambda other: other.programme.pk),
    "owner:call_off_end": theirs(pk=lambda other: other.programme.pk),
    "owner:saved_only": theirs(),
    "owner:to_all": theirs(),
    "owner:members": theirs(),
    "owner:segment": theirs(key=lambda other: "new"),
    "owner:member": theirs(pk=lambda other: other.member.pk),
    **{
        f"owner:{name}": theirs(
            pk=lambda other: other.member.pk, operation=lambda other: other.operation.pk
        )
        for name in ("take_back", "part_cards")
    },
    **{
        f"owner:{name}": theirs(pk=lambda other: other.member.pk)
        for name in (
            *("correct_balance", "keep_note", "new_codes", "card_pdf", "delete_member"),
            *("member_back", "merge"),
        )
    },
    "owner:merge_with": theirs(
        pk=lambda other: other.member.pk, other=lambda other: other.retired.pk
    ),
    **{f"owner:{name}": theirs() for name in ("export_members", "import_members")},
    **{
        f"owner:{name}": theirs(pk=lambda other: other.opening.pk)
        for name in ("import_file", "bring_in", "discard_file", "import_report")
    },
    "owner:import_cards": theirs(pk=lambda other: other.opening.pk, number=lambda other: 1),
    "owner:messages": theirs(),
    "owner:settings": theirs(),
    "owner:export": theirs(),
    "owner:pause_shop": theirs(),
    "owner:resume_shop": theirs(),
    "owner:brand": theirs(),
    "owner:brand_preview": theirs(),
    "owner:posters": theirs(),
    "owner:code_picture": theirs(),
    "owner:make_cards": theirs(),
    "owner:cards_pdf": theirs(sheet=lambda other: other.paper.sheet),
    "owner:poster_pdf": theirs(kind=lambda other: "a4"),
    "owner:poster": theirs(kind=lambda other: "a4"),
    "owner:money": theirs(),
    "owner:more": theirs(),
    "owner:people": theirs(),
    "owner:add_staff": theirs(),
    **{
        f"owner:{name}": theirs(pk=lambda other: other.staff.pk)
        for name in (
            *("colleague", "rename_colleague", "change_role", "give_sign_in", "hand_over"),
            *("dismiss", "take_on_again", "set_pin", "remove_pin"),
        )
    },
    "owner:invite": theirs(),
    **{
        f"owner:{name}": theirs(pk=lambda other: other.invitation.pk)
        for name in ("invite_again", "withdraw_invitation")
    },
    **{
        f"invitation:{name}": Address(lambda other, own: [{"secret": guess(other)}])
        for name in ("show", "send_code", "accept")
    },
    "owner:rename_location": theirs(pk=lambda other: other.location.pk),
    "owner:add_counter": theirs(),
    "owner:pairing": theirs(pk=lambda other: other.offered.pk),
    "owner:revoke": theirs(pk=lambda other: other.counter.pk),
    "owner:bring_back": theirs(pk=lambda other: other.counter.pk),
    "owner:flags": theirs(),
    "owner:flags_off": theirs(),
    "owner:flags_on": theirs(),
    "owner:flag_settings": theirs(),
    "owner:opening_hours": theirs(pk=lambda other: other.location.pk),
    **{
        f"owner:{name}": theirs()
        for name in ("levels", "levels_preview", "levels_off", "levels_on")
    },
    **{
        f"owner:{name}": theirs()
        for name in ("birthday", "birthday_preview", "birthday_off", "birthday_on")
    },
    **{
        f"owner:{name}": theirs()
        for name in ("friends", "friends_preview", "friends_off", "friends_on")
    },
    "owner:rewards": theirs(),
    "owner:add_reward": theirs(),
    "owner:preview_new_reward": theirs(),
    "owner:take_idea": theirs(idea=lambda other: "gift"),
    "owner:reward": theirs(pk=lambda other: other.reward.pk),
    "owner:preview_reward": theirs(pk=lambda other: other.reward.pk),
    "owner:retire_reward": theirs(pk=lambda other: other.reward.pk),
    "owner:offer_reward_again": theirs(pk=lambda other: other.reward.pk),
    **{f"owner:{name}": theirs() for name in ("early", "add_drop", "preview_new_drop")},
    **{
        f"owner:{name}": theirs(pk=lambda other: other.drop.pk)
        for name in ("drop", "preview_drop", "live", "guest_list", "drop_again")
    },
    "owner:close_drop": theirs(pk=lambda other: other.drop.pk),
    "owner:unschedule_drop": theirs(pk=lambda other: other.drop.pk),
    "owner:pick_member": theirs(pk=lambda other: other.member.pk),
    "owner:unpick_member": theirs(pk=lambda other: other.member.pk),
    "owner:log": theirs(),
    "owner:log_csv": theirs(),
    "owner:insights": theirs(),
    "owner:insights_csv": theirs(),
    "owner:statement": theirs(),
    "owner:statement_csv": theirs(),
    "owner:late": theirs(),
    "owner:privacy": theirs(),
    "owner:count_late": theirs(pk=lambda other: other.late.pk),
    "owner:leave_late": theirs(pk=lambda other: other.late.pk),
    "owner:put_late_back": theirs(pk=lambda other: other.late.pk),
    "owner:missing_seen": theirs(pk=lambda other: other.counter.pk),
}
