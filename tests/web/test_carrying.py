"""Letters are sent beside the pages, and nothing there stops the pages."""

import logging
import threading
from datetime import UTC, datetime

from samrutine import Library
from samrutine.web.carrying import carrying
from tests.letters.conftest import box, give_address, set_mail, smtp_server  # noqa: F401  fixtures


class _Arrived(threading.Event):
    """Waited for instead of slept."""


def test_what_is_due_is_sent_while_the_pages_are_shown(home_with_routine, box, smtp_server, monkeypatch):  # noqa: F811
    set_mail(home_with_routine, smtp_server[1])
    home_with_routine.clock.now = datetime(2026, 11, 27, 8, tzinfo=UTC)
    with home_with_routine.opened() as library:
        give_address(library, "beslutter.fauske", "kare@fauske.example")
    arrived, real = _Arrived(), Library.send_letters

    def send(library):
        real(library)
        arrived.set()

    monkeypatch.setattr(Library, "send_letters", send)
    with carrying(
        home_with_routine.path, every=60, opened=lambda path: Library.open(path, clock=home_with_routine.clock)
    ):
        assert arrived.wait(30)

    assert box.to == ["kare@fauske.example"]
    assert "letters" not in {one.name for one in threading.enumerate()}


def test_a_failure_is_told_by_its_kind_and_the_next_time_is_another_try(
    home_with_routine, smtp_server, monkeypatch, caplog  # noqa: F811
):  # fmt: skip
    set_mail(home_with_routine, smtp_server[1])
    tried, times = _Arrived(), []

    def send(_library):
        times.append(1)
        if len(times) > 1:
            tried.set()
        raise RuntimeError("kare@fauske.example")

    monkeypatch.setattr(Library, "send_letters", send)
    with caplog.at_level(logging.WARNING), carrying(home_with_routine.path, every=0.01):
        assert tried.wait(30)

    assert "RuntimeError" in caplog.text
    assert "kare" not in caplog.text


def test_where_no_server_is_set_nobody_carries_anything(home_with_routine):
    with carrying(home_with_routine.path):
        assert "letters" not in {one.name for one in threading.enumerate()}
