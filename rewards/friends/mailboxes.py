"""One mailbox, many spellings: maja+two@… and, at Google, m.a.j.a@… reach the same person."""

WITHOUT_DOTS = {"gmail.com", "googlemail.com"}


def mailbox(email: str) -> str:
    """The address with everything left out that makes no difference to where mail arrives."""
    local, _at, domain = email.strip().lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in WITHOUT_DOTS:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def domains(email: str) -> set[str]:
    """Where the same mailbox may be, by another name too."""
    domain = email.strip().lower().rpartition("@")[2]
    return WITHOUT_DOTS if domain in WITHOUT_DOTS else {domain}
