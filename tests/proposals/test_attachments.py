"""A text may list files that belong to it; an approval must not cover a file that nobody has."""

import pytest

from samrutine.errors import Refused
from samrutine.proposals.rules import TextHasFaults
from tests.support.texts import a_routine

LISTED = f"""attachments:
  - name: doser.pdf
    media_type: application/pdf
    digest: 1:{"a" * 64}
review_interval_months:"""


def test_a_text_that_lists_a_file_nobody_has_can_be_saved_and_not_sent(any_library):
    """
    The network would approve a dose table unseen, and the ward would find nothing behind the link.
    """
    data = a_routine().replace(b"review_interval_months:", LISTED.encode())

    proposed = any_library.propose(data, by="skribent")
    with pytest.raises(Refused) as caught:
        any_library.send(proposed.proposal, digest=proposed.digest, by="leder", unheard="Haster.")

    found = [(one.key, one.places) for one in proposed.findings]
    assert ("attachment-not-held", {"file": "doser.pdf"}) in found
    assert [type(one) for one in caught.value.reasons] == [TextHasFaults]
