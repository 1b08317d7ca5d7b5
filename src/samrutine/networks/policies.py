"""Which policy a round follows: the network's own, by how much the text changes."""

import json

from sqlmodel import Session

from samrutine.networks.directory import get_network
from samrutine.networks.settling import shared_library
from samrutine.proposals.model import Significance
from samrutine.proposals.policy import Policy


def policy_for(session: Session, network: str, significance: Significance) -> Policy:
    """
    Give the policy that a round in this network would follow if it opened now.

    A *mindre retting* follows the network's policy for these, where it has settled one; everything else, and every text
    that is new, follows its common one.

    Args:
        network: Its id.
        significance: Of the change; a text that is new is a major one.

    Raises:
        NetworkNotFound: The library has none of that id.
    """
    row = get_network(session, network)
    if significance is Significance.MINOR:
        shared = shared_library(session)
        settled = shared.find_network(network)
        if settled is not None and settled.minor_policy is not None:
            return shared.minor_policy_of(settled)
    return Policy.parse(json.loads(row.policy))
