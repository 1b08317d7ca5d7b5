"""The documents that a reader reads before any that was sent: they must come in, or they make nothing ready."""

import pytest

from samrutine.exchange.incoming import warming
from samrutine.exchange.incoming.model import Limits
from samrutine.exchange.incoming.opening import open_document


@pytest.mark.parametrize(("data", "name"), warming.documents(), ids=lambda one: one if isinstance(one, str) else "")
def test_each_small_document_is_read_to_its_end(data, name, tmp_path):
    """
    A small document that is refused is found out by nobody: every document that is sent only becomes slower.
    """
    came = open_document(data, name, Limits(), tmp_path)

    assert "5 mg" in came.markdown
    assert not {one.code for one in came.findings} & {"words-missing", "items-missing", "cells-missing"}


def test_there_is_one_of_each_kind_that_is_sent_often():
    """
    A kind that is left out is read cold, each time anew.
    """
    endings = {name.rpartition(".")[2] for _, name in warming.documents()}

    assert endings >= {"docx", "odt", "rtf", "html", "md", "txt"}
