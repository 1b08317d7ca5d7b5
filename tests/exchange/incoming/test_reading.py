"""The process that reads: a bad file harms nobody, and the next one is read as if nothing had been."""

import io
import os
import select
import signal
import socket
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor as pool  # noqa: N813 - the one that is looked at stands for it
from pathlib import Path

import docx
import pytest

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming import reading
from samrutine.exchange.incoming.model import Incoming, Limits
from samrutine.exchange.incoming.reading import end_workers, read_document, read_documents


def word(*lines):
    """Make a Word file of some paragraphs."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def refusal(data, name="fil.docx", **limits):
    """Read what must be refused, and give the reason."""
    with pytest.raises(DocumentRefused) as raised:
        read_document(data, name, Limits(**limits))
    return raised.value.why


WITHOUT_LANDLOCK = "no landlock, 1048576 256 22"
"""What is said where the kernel has none: the largest file, the most files, and the seconds, which are bounded all the same."""


def confined(code, folder, *, old_kernel=False, sockets=(), cwd=None):
    """Run some lines in a process that is confined to a folder; or give what holds where the kernel has no Landlock."""
    program = f"""
        import os, resource, sys, pathlib
        from samrutine.exchange.incoming import sandbox
        from samrutine.exchange.incoming.sandbox import confine, leave_network
        if {old_kernel}:
            sandbox._version = lambda: 0
        network = leave_network()
        held = confine(pathlib.Path({str(folder)!r}), [], seconds=10, written_mib=1,
                       sockets=[pathlib.Path(one) for one in {[str(one) for one in sockets]!r}])
        if not held.files:
            bounds = (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_CPU)
            print("no landlock,", *(resource.getrlimit(one)[0] for one in bounds)); sys.exit()
    """
    answer = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program) + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(one for one in (os.environ.get("PYTHONPATH"), str(cwd)) if one),
        },
    )
    return answer.stdout.strip()


class TestReading:
    def test_the_same_bytes_give_the_same_text(self):
        """
        Whoever looks at a report twice must not wonder which of two texts was approved.
        """
        data = word("Gi 5 mg.", "Ring 113.")

        first, second = read_document(data, "a.docx"), read_document(data, "a.docx")

        assert first == second
        assert first.markdown == "Gi 5 mg.\n\nRing 113.\n"

    def test_one_that_cannot_be_read_stops_no_other(self):
        """
        Nine municipalities send hundreds of files, and some are broken.
        """
        came = list(
            read_documents([(word("En"), "1.docx"), (b"PK\x03\x04 ikke mer", "2.docx"), (word("To"), "3.docx")])
        )

        assert [one.markdown if isinstance(one, Incoming) else one.why for one in came] == ["En\n", "damaged", "To\n"]

    def test_what_takes_too_long_is_ended(self):
        """
        A file that makes the reader think for ever must not hold up the others.
        """
        began = time.monotonic()

        why = refusal(word(*["Les dette."] * 400), seconds=0.01)

        assert why == "took-too-long"
        assert time.monotonic() - began < 10

    def test_what_asks_for_too_much_memory_is_ended(self):
        """
        Beside the reader runs everything else that the nine municipalities use.
        """
        assert refusal(word(*["Les dette."] * 400), resident_mib=1) == "took-too-much"

    def test_one_that_is_ended_harms_no_other(self):
        """
        The process that was ended held one document; the one it was a copy of goes on.
        """
        read_document(word("En"), "a.docx")
        worker = reading._idle[-1].process_id

        why = refusal(word(*["Les dette."] * 400), seconds=0.01)
        came = read_document(word("To"), "b.docx")

        assert why == "took-too-long"
        assert came.markdown == "To\n"
        assert reading._idle[-1].process_id == worker

    def test_as_many_are_read_at_once_as_the_process_has_processors(self, monkeypatch):
        """
        A container with two processors on a machine with sixty must not start sixty readers.
        """
        monkeypatch.setattr(reading.os, "sched_getaffinity", lambda _: {3, 5}, raising=False)
        monkeypatch.setattr(reading.os, "cpu_count", lambda: 2)
        asked = []
        monkeypatch.setattr(reading, "ThreadPoolExecutor", lambda at_once: asked.append(at_once) or pool(at_once))

        came = list(read_documents([(word("En"), "a.docx")]))

        assert asked == [2]
        assert len(came) == 1

    def test_a_worker_that_is_gone_is_started_again(self):
        """
        The machine may end any process; the one who sends a file should not notice.
        """
        read_document(word("En"), "a.docx")
        gone = reading._idle[-1].process_id
        os.kill(gone, signal.SIGKILL)
        reading._idle[-1]._process.wait()

        came = read_document(word("To"), "b.docx")

        assert came.markdown == "To\n"

    def test_nothing_is_left_running(self):
        """
        A command that has ended has ended.
        """
        read_document(word("En"), "a.docx")
        processes = [worker.process_id for worker in reading._idle]

        end_workers()

        assert processes
        for process in processes:
            with pytest.raises(ProcessLookupError):
                os.kill(process, 0)

    def test_nothing_is_left_on_the_disk_of_one_that_was_killed(self, tmp_path):
        """
        A document may hold a patient's name. Whoever reads it may be killed at any moment, and nobody looks in the temporary folder.
        """
        program = (
            "import sys\n"
            "from samrutine.exchange.incoming import reading\n"
            "with reading._worker() as worker, worker.folder('a.txt') as folder:\n"
            "    (folder / 'document').write_bytes(b'Kari.')\n"
            "    print(folder, worker.process_id, flush=True)\n"
            "    sys.stdin.read()\n"
        )
        reader = subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )  # fmt: skip
        folder, worker = reader.stdout.readline().split()
        assert (Path(folder) / "document").exists()

        ended = os.pidfd_open(int(worker))
        reader.kill()
        reader.communicate()
        select.select([ended], [], [], 30)
        os.close(ended)

        assert list(tmp_path.iterdir()) == []

    def test_a_file_larger_than_the_bound_is_not_even_sent(self):
        """
        Fifty megabytes of routine is no routine.
        """
        assert refusal(b"a" * (1024 * 1024 + 1), "stor.txt", file_mib=1) == "too-large"


class TestWhatAReaderMayTouch:
    def test_no_file_outside_its_own_folder(self, tmp_path):
        """
        A document that takes the reader over finds nothing to read: no routine, no key, no other document.
        """
        own, other = tmp_path / "own", tmp_path / "other"
        own.mkdir()
        other.mkdir()
        (other / "key").write_text("hemmelig", encoding="utf-8")

        said = confined(
            f"""
            (pathlib.Path({str(own)!r}) / "answer").write_text("svar")
            for act in (lambda: open({str(other / "key")!r}).read(), lambda: open("/etc/passwd").read(),
                        lambda: open({str(other / "new")!r}, "w"), lambda: os.listdir({str(other)!r})):
                try:
                    act(); print("could")
                except PermissionError:
                    print("could not")
            """,
            own,
        )

        assert said in {"\n".join(["could not"] * 4), WITHOUT_LANDLOCK}
        assert said == WITHOUT_LANDLOCK or (own / "answer").read_text(encoding="utf-8") == "svar"

    def test_no_module_of_the_folder_one_stands_in(self, tmp_path):
        """
        Whoever takes in a folder of what was sent stands in that folder: a document may be called `lxml.py`.
        """
        for name in ("lxml", "pypdfium2", "json", "pypandoc", "tempfile"):
            (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w').close()", encoding="utf-8")
        program = """
            import os, sys
            sys.path.remove("")
            from samrutine.exchange.incoming.reading import read_document
            os.environ["PYTHONPATH"] = os.pathsep + os.environ.get("PYTHONPATH", "") + os.pathsep + "."
            print(read_document(b"<html><body><p>Ring 113.</p></body></html>", "a.html").markdown)
        """

        answer = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )

        assert answer.stdout.strip() == "Ring 113.", answer.stderr
        assert not (tmp_path / "run").exists()

    def test_nothing_of_the_folder_it_was_started_from(self, tmp_path):
        """
        Beside the settings and the database of the library one starts intake, and the password stands in them.
        """
        (tmp_path / "samrutine.toml").write_text("passord", encoding="utf-8")
        own = tmp_path / "own"
        own.mkdir()

        said = confined(
            """
            for act in (lambda: open("samrutine.toml").read(), lambda: os.listdir(".")):
                try:
                    act(); print("could")
                except PermissionError:
                    print("could not")
            """,
            own,
            cwd=tmp_path,
        )

        assert said in {"could not\ncould not", WITHOUT_LANDLOCK}

    def test_no_signal_to_who_started_it(self, tmp_path):
        """
        A document that takes the reader over must not end the service beside it.
        """
        said = confined(
            f"""
            try:
                if sandbox._version() < 6:
                    raise PermissionError
                os.kill({os.getpid()}, 0); print("could")
            except PermissionError:
                print("could not")
            """,
            tmp_path,
        )

        assert said in {"could not", WITHOUT_LANDLOCK}

    def test_nothing_that_it_started_outlives_the_document(self, tmp_path):
        """
        A process that leaves the reader's session would go on for as long as the machine does.
        """
        program = f"""
            import os, pathlib, time
            from samrutine.exchange.incoming import worker
            from samrutine.exchange.incoming.model import Limits
            place = pathlib.Path({str(tmp_path)!r})
            def escapes(folder, name, limits, *, as_anybodys):
                if os.fork() == 0:
                    os.setsid()
                    if os.fork():
                        os._exit(0)
                    (place / "process").write_text(str(os.getpid()))
                    (place / "process").rename(place / "escaped")
                    time.sleep(60)
                while not (place / "escaped").exists():
                    time.sleep(0.01)
            worker._as_child = escapes
            worker.take_orphans()
            print(worker._read_in_child(place, "a.docx", Limits(), as_anybodys=False))
        """

        answer = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False
        )

        assert answer.stdout.strip() == "None", answer.stderr
        escaped = int((tmp_path / "escaped").read_text(encoding="utf-8"))
        with pytest.raises(ProcessLookupError):
            os.kill(escaped, 0)

    def test_where_the_kernel_cannot_take_files_away_it_is_said_and_the_rest_is_bounded(self, tmp_path):
        """
        An operator with an old kernel must be able to know it; and a file there must still not fill the machine.
        """
        said = confined("print('went on as if files were taken away')", tmp_path, old_kernel=True)

        assert said == WITHOUT_LANDLOCK

    def test_a_socket_only_where_it_was_allowed_and_no_file_beside_it(self, tmp_path):
        """
        LibreOffice needs one outside of its folder, and must have nothing else there.
        """
        own, allowed, other = tmp_path / "own", tmp_path / "allowed", tmp_path / "other"
        for place in (own, allowed, other):
            place.mkdir()

        said = confined(
            f"""
            import socket
            for act in (lambda: socket.socket(socket.AF_UNIX).bind({str(allowed / "s")!r}),
                        lambda: socket.socket(socket.AF_UNIX).bind({str(other / "s")!r}),
                        lambda: open({str(allowed / "f")!r}, "w"), lambda: os.unlink({str(allowed / "s")!r})):
                try:
                    act(); print("could")
                except PermissionError:
                    print("could not")
            """,
            own,
            sockets=[allowed],
        )

        assert said in {"could\ncould not\ncould not\ncould not", WITHOUT_LANDLOCK}

    def test_no_network(self, tmp_path):
        """
        What a document says must not leave the machine by way of who reads it.
        """
        with socket.create_server(("127.0.0.1", 0)) as server:
            said = confined(
                f"""
                import socket
                try:
                    socket.create_connection(("127.0.0.1", {server.getsockname()[1]}), 2); print("could")
                except OSError:
                    print("could not")
                """,
                tmp_path,
            )

        assert said in {"could not", WITHOUT_LANDLOCK}
