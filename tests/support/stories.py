"""Verbs in the order in which people do them, for tests that need the outcome and not the way there."""

APPROVERS = ("medlem.beiarn", "medlem.gildeskal", "medlem.hamaroy", "leder")
"""The fewest who meet the common policy: the leader and three other municipalities."""


def propose_and_send(library, data, *, by="skribent", **how):
    """Keep a text as a draft and open its round; gives the proposal as it stands."""
    proposed = library.propose(data, by=by, **how)
    library.send(proposed.proposal, digest=proposed.digest, by="redaktor")
    proposal, _ = library.get_proposal(proposed.proposal)
    return proposal


def approve_with_everyone(library, data, *, by="skribent", **how):
    """Take a text all the way to faglig godkjent; gives the answer to the last approval, with its version."""
    proposal = propose_and_send(library, data, by=by, **how)
    answers = [library.approve(proposal.id, digest=proposal.digest, by=one) for one in APPROVERS]
    assert answers[-1].version is not None, answers[-1].standing
    return answers[-1]


def change_with_everyone(library, data, *, procedure="handhygiene", **how):
    """Take a changed text all the way to faglig godkjent, as a minor change unless told otherwise."""
    how.setdefault("significance", "minor")
    return approve_with_everyone(library, data, changes=procedure, **how)
