"""Verbs in the order in which people do them, for tests that need the outcome and not the way there."""

from contextlib import contextmanager

from samrutine.messages import word
from samrutine.procedures.model import VersionNumber
from samrutine.storage.rows import ProcedureRow

APPROVERS = ("medlem.beiarn", "medlem.gildeskal", "medlem.hamaroy", "leder")
"""The fewest who meet the common policy: the leader and three other municipalities."""


UNHEARD = "Drøftet i nettverket."
"""Why there was no hearing, where the story is about something else."""


@contextmanager
def not_projecting(library):
    """Decide without bringing git and the index up to date; the next act, or `repair`, does it all at once."""
    decisions = library._parts.decisions
    usual = decisions._after_commit
    decisions._after_commit = lambda: False
    try:
        yield
    finally:
        decisions._after_commit = usual


def newest_of(library, procedure):
    """Give a routine's newest version, whoever may know of it; None where there is none."""
    with library._parts.database.reading() as session:
        row = session.get(ProcedureRow, procedure)
        return VersionNumber(row.major, row.minor) if row else None


def propose_and_send(library, data, *, by="skribent", **how):
    """Keep a text as a draft and open its round; gives the proposal as it stands. What it takes out is meant."""
    if how.get("changes"):
        how.setdefault("from_version", newest_of(library, how["changes"]))
    proposed = library.propose(data, by=by, **how)
    library.send(proposed.proposal, digest=proposed.digest, unheard=UNHEARD, by="redaktor")
    proposal, _ = library.get_proposal(proposed.proposal, reader="redaktor")
    return proposal


def approve_with_everyone(library, data, *, by="skribent", **how):
    """Take a text all the way to faglig godkjent; gives the answer to the last approval, with its version."""
    with not_projecting(library):
        proposal = propose_and_send(library, data, by=by, **how)
        for one in APPROVERS[:-1]:
            library.approve(proposal.id, digest=proposal.digest, by=one)
    answer = library.approve(proposal.id, digest=proposal.digest, by=APPROVERS[-1])
    assert answer.version is not None, answer.standing
    return answer


def change_with_everyone(library, data, *, procedure="handhygiene", **how):
    """Take a changed text all the way to faglig godkjent, as a minor change unless told otherwise."""
    how.setdefault("significance", "minor")
    return approve_with_everyone(library, data, changes=procedure, **how)


def waits_for(library, who):
    """Give what waits for a person, as the inbox puts it: «ta stilling til: Håndhygiene (Fauske)»."""
    return sorted(f"{word('waiting', one.what)}: {one.title} ({one.body_name})" for one in library.inbox(who))


def told(library, who):
    """Give what a person is told of and has not read, in the words they read."""
    return {word("told", one.what) for one in library.notifications(who)}


def account_of(library, procedure, municipality, day):
    """Account for a day in one line: which version, since when, who decided it."""
    found = library.account(procedure, municipality, day)
    return f"{found.version} fra {found.from_on:%d.%m.%Y}, besluttet av {found.position}"


def agree_until_enough(library, made, *, approvers=APPROVERS):
    """Let one after the other agree to a proposal's text until it is enough; gives the last answer."""
    with not_projecting(library):
        for one in approvers:
            answer = library.approve(made.proposal, digest=made.digest, by=one)
            if answer.version is not None or answer.withdrawn:
                break
    library.repair()
    return answer


def why_not(caught):
    """Give the names of the reasons of a refusal."""
    return [type(one).__name__ for one in caught.value.reasons]
