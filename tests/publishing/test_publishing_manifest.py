"""The manifest as a file that lies where other people can write."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.procedures.model import Digest, ProcedureId, VersionNumber
from samrutine.publishing.manifest import UnreadableManifestError, read_manifest, write_manifest
from samrutine.publishing.model import ChainHead, Manifest, ManifestEntry
from samrutine.testing import an_edition, sha256_of

ENTRIES = st.builds(
    ManifestEntry,
    st.none() | st.just(ProcedureId("handhygiene")),
    st.none() | st.builds(VersionNumber, st.integers(1, 99), st.integers(0, 99)),
    st.text(max_size=5).map(Digest),
    st.binary(max_size=3).map(sha256_of),
    st.integers(0, 10**12),
)
FILES = st.dictionaries(st.sampled_from(["a.pdf", "index.csv", "index--rutine.html"]), ENTRIES)
EDITION = an_edition()
MANIFESTS = st.builds(
    Manifest,
    st.just(EDITION.target),
    st.just(EDITION.municipality),
    st.builds(ChainHead, st.integers(0, 10**9), st.text(max_size=5)),
    FILES,
    FILES,
)
A_MANIFEST = Manifest(
    EDITION.target,
    EDITION.municipality,
    EDITION.head,
    {"a.pdf": ManifestEntry(ProcedureId("a"), VersionNumber(1, 0), Digest("1:x"), sha256_of(b"a"), 1)},
)


@given(manifest=MANIFESTS)
def test_what_is_written_is_read_back(manifest: Manifest) -> None:
    """What is lost between two runs would make our own copies strangers, or strangers' files ours."""
    assert read_manifest(write_manifest(manifest)) == manifest


@given(manifest=MANIFESTS)
def test_equal_manifests_give_equal_bytes(manifest: Manifest) -> None:
    """A package must be the same bytes whichever order its files were made in."""
    turned = Manifest(
        manifest.target,
        manifest.municipality,
        manifest.head,
        dict(reversed(list(manifest.files.items()))),
        dict(reversed(list(manifest.intent.items()))),
    )

    assert write_manifest(turned) == write_manifest(manifest)


def renamed(name: str) -> Callable[[dict[str, Any]], None]:
    def change(value: dict[str, Any]) -> None:
        value["files"][name] = value["files"].pop("a.pdf")

    return change


def with_entry(key: str, to: object) -> Callable[[dict[str, Any]], None]:
    return lambda value: value["files"]["a.pdf"].update({key: to})


@pytest.mark.parametrize(
    "change",
    [
        renamed("../a.pdf"),
        renamed("/etc/passwd"),
        renamed("a.exe"),
        renamed("samrutine-manifest.json"),
        renamed("a.pdf\n"),
        with_entry("sha256", ""),
        with_entry("sha256", None),
        with_entry("size_bytes", -1),
        with_entry("size_bytes", to=True),
        with_entry("version", "to"),
        with_entry("procedure", "../x"),
        lambda value: value.update(form=2),
        lambda value: value.update(product="another"),
        lambda value: value.update(files=[]),
        lambda value: value.pop("intent"),
        lambda value: value.update(chain=None),
    ],
    ids=lambda _: "",
)
def test_a_manifest_that_we_could_not_have_written_is_refused_whole(change: Callable[[dict[str, Any]], None]) -> None:
    """It says which files we may replace and remove. Part of it cannot be trusted when another part is not ours."""
    value = json.loads(write_manifest(A_MANIFEST))
    change(value)

    with pytest.raises(UnreadableManifestError):
        read_manifest(json.dumps(value).encode())


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"null", b"\xff\xfe", b"{", b"[" * 100_000, b'{"product": "samrutine"}'],
    ids=["empty", "list", "null", "no UTF-8", "cut off", "nested", "nearly nothing"],
)
def test_bytes_that_are_no_manifest_are_refused(data: bytes) -> None:
    """Half a file, or one that somebody saved from a word processor, must end in words and not in a stack trace."""
    with pytest.raises(UnreadableManifestError):
        read_manifest(data)


@given(data=st.binary(max_size=200))
def test_no_bytes_at_all_make_it_fail_in_another_way(data: bytes) -> None:
    """The reader faces whatever lies on a share."""
    with pytest.raises(UnreadableManifestError):
        read_manifest(data)
