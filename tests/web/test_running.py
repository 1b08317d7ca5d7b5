"""The server as somebody starts it: it answers, says where, and ends when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import threading
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from samrutine.web.running import listening

PROGRAM = "import sys; from samrutine.cli import main; sys.exit(main())"


@pytest.fixture
def started(home_with_routine):
    """A server of a home, in a process of its own; gives its address."""
    command = [sys.executable, "-c", PROGRAM, "--home", home_with_routine.path, "serve", "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    said = process.stdout.readline()
    yield process, said.split()[3]
    process.kill()
    process.communicate()


def test_says_where_it_is_and_answers_there_until_it_is_told_to_end(started):
    """
    Ctrl-C is how whoever tries it ends it, and SIGTERM how a machine does.
    """
    process, address = started

    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request("GET", "/klar")
    assert connection.getresponse().read() == b"ok\n"
    connection.close()
    process.send_signal(signal.SIGTERM)

    out, err = process.communicate(timeout=30)
    assert "Traceback" not in out + err


def test_a_port_that_is_taken_is_told_with_another(home_with_routine, capsys):
    from samrutine.cli import main

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert main(["--home", str(home_with_routine.path), "serve", "--port", str(port)]) == 2

    assert str(port) in capsys.readouterr().err


def test_what_is_written_is_sent_at_once():
    """
    A socket that waits for more to send answers 40 ms late on every request after the first of a connection.
    """
    with listening("127.0.0.1", 0, or_free=False) as opened, socket.create_connection(opened.getsockname()) as asking:
        taken, _ = opened.accept()
        with taken:
            # What the loop looks at before it turns waiting off.
            assert (taken.type, taken.proto) == (socket.SOCK_STREAM, socket.IPPROTO_TCP)
        assert asking


def test_more_who_ask_at_once_than_there_are_threads_are_all_answered(started):
    """
    A morning meeting opens the same routine on sixty telephones; whoever waits must not stand where the others go on.
    """
    _, address = started
    answered = []

    def ask():
        connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
        connection.request("GET", "/logg-inn")
        answered.append(connection.getresponse().status)
        connection.close()

    asking = [threading.Thread(target=ask) for _ in range(60)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()

    assert answered == [200] * 60
