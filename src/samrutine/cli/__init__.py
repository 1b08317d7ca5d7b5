"""
The command line: what people and scripts type. Nothing is decided here; each command calls one verb of `Library`.

`main` is the one handler of errors: each class has its exit code (`samrutine.errors`), its fact and its remedy.

    0 done   1 our own mistake   2 usage   3 refused by a rule   4 not found   5 conflict   6 store unavailable

Answers go to standard output, with `--json` as one JSON object on the last line; everything else to standard error.
"""

import io
import os
import sys
from collections.abc import Sequence

from samrutine.errors import SamrutineError, StoreUnavailable
from samrutine.messages import LANGUAGES, language_of_environment, say

BROKEN_PIPE = 141
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run one command.

    Args:
        arguments: The words after the program's name; those of this process when None.

    Returns:
        The exit code.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a letter, or a file name that is no text, is no reason to stop.
            stream.reconfigure(errors="replace")
    language = language_asked(words)
    as_json = "--json" in words
    try:
        return _run(words, language, as_json=as_json)
    except SamrutineError as error:
        return _refuse(error, language, as_json=as_json)
    except KeyboardInterrupt:
        _complain(say("cli.interrupted", language))
        return INTERRUPTED
    except BrokenPipeError:
        # The reader went away (`| head`). What Python would still write at exit must go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except OSError as error:
        detail = error.strerror or type(error).__name__
        store = error.filename if isinstance(error.filename, str) else "disk"
        return _refuse(StoreUnavailable(store=store, detail=detail), language, as_json=as_json)
    except Exception as error:
        # The outermost loop of a program for people: our own mistakes get a sentence too, and developers the trace.
        if os.environ.get("SAMRUTINE_TRACEBACK"):
            raise
        _complain(say("cli.mistake", language, kind=type(error).__name__))
        return 1


def language_asked(words: Sequence[str]) -> str:
    """Find the language before anything is parsed, since help and complaints are in it too."""
    for position, word in enumerate(words):
        name, _, value = word.partition("=")
        if name == "--language":
            asked = value or next(iter(words[position + 1 :]), "")
            return asked if asked in LANGUAGES else language_of_environment()
    return language_of_environment()


def _run(words: list[str], language: str, *, as_json: bool) -> int:
    # Imported here: typer takes a tenth of a second that `python -c "import samrutine.cli"` need not wait for.
    from typer import Abort
    from typer.exceptions import TyperException

    from samrutine.cli.tree import build, complaint

    try:
        code = build(language).main(words, prog_name="samrutine", standalone_mode=False)
    except TyperException as error:
        text = complaint(error, language)
        if as_json:
            _print_json({"error": {"code": "usage", "fact": text.fact, "remedy": text.remedy, "places": {}}})
        _complain(text.usage, text.fact, text.remedy)
        return 2
    except Abort:
        _complain(say("cli.interrupted", language))
        return INTERRUPTED
    sys.stdout.flush()
    if code == INTERRUPTED:  # Typer makes a code of it before we see it
        _complain(say("cli.interrupted", language))
    return code if isinstance(code, int) else 0


def _refuse(error: SamrutineError, language: str, *, as_json: bool) -> int:
    if as_json:
        from samrutine.plain import plain_error

        _print_json({"error": plain_error(error, language)})
    _complain(error.text(language))
    return error.exit_code


def _print_json(value: object) -> None:
    import json

    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _complain(*lines: str) -> None:
    sys.stdout.flush()
    sys.stderr.write("".join(f"{line}\n" for line in lines if line))
