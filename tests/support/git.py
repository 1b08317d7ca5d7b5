"""Look into a home's repository, and put into it what no decision made, with git itself."""

import os
import subprocess

STRANGER = {
    "GIT_AUTHOR_NAME": "Fremmed", "GIT_AUTHOR_EMAIL": "fremmed@provevik.example", "GIT_COMMITTER_NAME": "Fremmed",
    "GIT_COMMITTER_EMAIL": "fremmed@provevik.example", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip


def git(home, *arguments, given=None):
    """Run git in the home's repository; gives what it says."""
    outcome = subprocess.run(
        ["git", "--git-dir", str(home.path / "library.git"), *arguments], input=given, capture_output=True, check=True,
        env={**os.environ, **STRANGER},
    )  # fmt: skip
    return outcome.stdout.decode("utf-8", "replace").strip()


def a_stray_commit(home, branch, *, path="fremmed.md", words=b"Ingen har besluttet dette.\n"):
    """Put a commit on a branch that no decision made; gives its id."""
    blob = git(home, "hash-object", "-w", "--stdin", given=words)
    listing = git(home, "ls-tree", branch)
    tree = git(home, "mktree", given=f"{listing}\n100644 blob {blob}\t{path}\n".encode())
    commit = git(home, "commit-tree", tree, "-p", branch, "-m", "Fremmed")
    git(home, "update-ref", f"refs/heads/{branch}", commit)
    return commit


def tips(home):
    """Give the branches' tips, by name."""
    listing = git(home, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split(" ") for line in listing)


def every_object(home):
    """Give the content of every object in the repository, joined: what anybody with a clone can search."""
    return git(home, "cat-file", "--batch-all-objects", "--batch", "--unordered")
