"""What stays when a shop takes everything along, and why. A test finds what is in neither list."""

LEFT_OUT: dict[str, dict[str, str]] = {
    "It opens something: a card, a till, a sign-in.": {
        "loyalty.Counter": "pairing_hash pairing_ends device_hash",
        "loyalty.StaffMember": "pin_hash pin_misses pin_locked_until",
        "members.Membership": "private counter_code friend_code",
        "members.PaperCard": "*",
        "members.RetiredCode": "*",
        "invitations.Invitation": "*",
        "counter.LateAction": "code asked",
        "ledger.Operation": "answer",  # of new codes, it is the codes
    },
    "It keeps one thing from happening twice, and says nothing.": {
        "card_messages.Message": "once posted",
        "counter.LateAction": "key store",
        "ledger.Account": "last_seq",
        "ledger.Operation": "key fingerprint",
        "tiers.Ladder": "version settled",
        "pictures.Picture": "name width height made_at",
    },
    "A friend's code stands in it; the file has it as “detail”, without that.": {
        "members.Membership": "source_detail",
    },
    "It is reckoned from what is in the file.": {
        "figures.Watermark": "*",
        "figures.ShopDay": "*",
        "figures.ProgrammeDay": "*",
        "figures.MembersDay": "*",
        "figures.MemberMonth": "*",
        "figures.ShopCohort": "*",
        "figures.ShopPeriod": "*",
        "tiers.Standing": "*",
    },
    "What it booked is in the file; the rest was the shop's own file.": {
        "opening.OpeningFile": "*",
        "opening.OpeningLine": "*",
    },
    "Who asked to be forgotten stays forgotten.": {
        "privacy.Erasure": "*",
    },
    "It belongs to whoever runs the platform; the log has when it held.": {
        "halts.Halt": "*",
    },
    "How a till was tried out, gone after some days.": {
        "counter.CodeMiss": "*",
        "counter.NameSearch": "*",
    },
}
EVERYWHERE = {"shop"}
