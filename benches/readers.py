#!/usr/bin/env python3
"""Compares what watchfire and feedparser read of a directory of feeds.

    cargo bench --bench feeds -- corpus /tmp/corpus
    pip install feedparser
    python3 benches/readers.py target/release/watchfire /tmp/corpus

Every file below the directory counts, with `corpus.jsonl` (content types, titles) where
there is one. Prints one table: a row a class of faults (the name before the `_`).
"""

import collections
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import feedparser

warnings.simplefilter("ignore")


def words(text):
    """A title without what readers treat differently: blanks and invisible characters."""
    return "".join(c for c in text or "" if c.isprintable() and not c.isspace())


def cases(directory):
    listed = directory / "corpus.jsonl"
    if listed.exists():
        return [json.loads(line) for line in listed.read_text().splitlines()]
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return [{"path": str(path), "content_type": None, "titles": None} for path in files]


def by_watchfire(program, rows):
    """One batch a content type, since a batch has one."""
    answers = {}
    kinds = collections.defaultdict(list)
    for row in rows:
        kinds[row["content_type"]].append(row["path"])
    for kind, paths in kinds.items():
        with tempfile.NamedTemporaryFile("w", suffix=".list") as listing:
            listing.write("\n".join(paths) + "\n")
            listing.flush()
            command = [program, "probe", "--batch", listing.name]
            command += ["--content-type", kind] if kind else []
            output = subprocess.run(command, capture_output=True, text=True).stdout
        for line in output.splitlines():
            answer = json.loads(line)
            answers[answer["path"]] = answer
    return answers


def by_feedparser(row):
    headers = {"content-type": row["content_type"]} if row["content_type"] else {}
    try:
        data = pathlib.Path(row["path"]).read_bytes()
        return feedparser.parse(data, response_headers=headers).entries
    except Exception:  # a reader that fails has read nothing
        return []


def main():
    program, directory = sys.argv[1], pathlib.Path(sys.argv[2])
    rows = cases(directory)
    ours = by_watchfire(program, rows)
    table = collections.OrderedDict()
    for row in rows:
        name = pathlib.Path(row["path"]).name.split("_")[0]
        theirs, own = by_feedparser(row), ours.get(row["path"], {"items": [], "rejected": []})
        wanted = len(row["titles"]) if row["titles"] else len(theirs)
        right = lambda titles: row["titles"] is None or [words(t) for t in titles] == [words(t) for t in row["titles"]]
        counts = table.setdefault(name, collections.Counter())
        counts["files"] += 1
        counts["wanted"] += wanted
        counts["theirs"] += min(len(theirs), wanted)
        counts["own"] += min(len(own["items"]), wanted)
        counts["their files"] += bool(theirs)
        counts["own of theirs"] += bool(theirs) and bool(own["items"])
        counts["own files"] += bool(own["items"])
        counts["their titles"] += right([entry.get("title") for entry in theirs])
        counts["own titles"] += right([item["title"] for item in own["items"]])
    total = sum(table.values(), collections.Counter())
    heads = ["class", "files", "with items: feedparser", "watchfire", "all titles right: feedparser", "watchfire"]
    print(" | ".join(heads))
    for name, counts in [*table.items(), ("all", total)]:
        cells = [name, counts["files"], counts["their files"], counts["own files"], counts["their titles"], counts["own titles"]]
        print(" | ".join(map(str, cells)))
    share = 100 * total["own of theirs"] / max(1, total["their files"])
    print(f"of the files that feedparser reads items from, watchfire reads {share:.2f} %")
    print(f"items: {total['wanted']} wanted, {total['theirs']} by feedparser, {total['own']} by watchfire")


if __name__ == "__main__":
    main()
