#!/usr/bin/env bash
# Measures what the README's figures say: build, binary, start, memory, reading speed.
# Builds cleanly into a directory of its own, which takes some minutes, unless
# WATCHFIRE names a binary. Usage: benches/figures.sh [ARTICLES.jsonl]
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'kill "${daemon:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
say() { printf '%-44s %s\n' "$1" "$2"; }
now() { date +%s%N; }

cargo fetch --locked --quiet
begun=$(now)
if [ -n "${WATCHFIRE:-}" ]; then
  watchfire=$WATCHFIRE
else
  cargo build --release --locked --quiet --target-dir "$work/target"
  say "clean release build, $(nproc) cores" "$(( ($(now) - begun) / 1000000000 )) s"
  watchfire="$work/target/release/watchfire"
fi
say "binary" "$(( $(stat -c %s "$watchfire") / 1048576 )) MiB"
say "crates in the lock file" "$(grep -c '^name = ' Cargo.lock)"

# Twenty sources on a port where nobody answers: refused at once, at rest at once.
{
  printf '[store]\npath = "%s/w.db"\n[alerts]\nlog = "%s/a.jsonl"\n' "$work" "$work"
  printf '[fetch]\nallow_networks = ["127.0.0.0/8"]\n'
  for n in $(seq 20); do
    printf '[[source]]\nname = "S%s"\nfeed = "http://127.0.0.1:1/%s"\nevery = "1h"\n' "$n" "$n"
  done
  printf '[[watch]]\nname = "w"\nplaces = ["Kunduz"]\nlevels = [ { level = "warning", killed = 5 } ]\n'
} > "$work/w.toml"

begun=$(now)
"$watchfire" run --config "$work/w.toml" 2> "$work/log" &
daemon=$!
# The log's own stamps say when; looking for them may take longer.
stamp() {
  until grep -q "$1" "$work/log"; do
    if (( $(now) - begun > 10000000000 )); then echo "no \`$1\` within 10 s" >&2; exit 1; fi
    sleep 0.05
  done
  date -d "$(grep -m 1 "$1" "$work/log" | cut -d ' ' -f 1)" +%s%N
}
ready=$(stamp ready)
say "start to first poll begun, new store" "$(( (ready - begun) / 1000000 )) ms"
polled=$(stamp 'poll failed')
say "start to first poll recorded" "$(( (polled - begun) / 1000000 )) ms"
until [ "$(grep -c 'poll failed' "$work/log")" -ge 20 ]; do sleep 0.1; done
sleep 3
say "resident memory at rest, 20 sources" "$(awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$daemon/status") MiB"
say "  of it private" "$(awk '/RssAnon/ {print int($2 / 1024)}' "/proc/$daemon/status") MiB"
begun=$(now)
kill -TERM "$daemon"; wait "$daemon"
say "end after SIGTERM" "$(( ($(now) - begun) / 1000000 )) ms"

# Articles of five to ten sentences, none like the other.
articles=${1:-$work/articles.jsonl}
[ -n "${1:-}" ] || for n in $(seq 5000); do
  printf '{"id": %s, "title": "Attack %s in Kunduz", "published": "2019-01-10T14:00:00Z", "country": "AF", "text": "Taliban fighters killed %s policemen and wounded %s others in an attack on a checkpoint in the Imam Sahib district of Kunduz province on Thursday, officials said.\\n\\nA spokesman for the provincial governor said that reinforcements had been sent to the area and that at least %s of the attackers were killed.\\n\\nThe Taliban claimed responsibility in a statement, saying dozens of soldiers had been killed.\\n\\nOn Monday, more than 20 members of the security forces were killed in a raid in neighbouring Baghlan province.\\n\\nThe violence comes as diplomats try to bring both sides to the table. Talks are to go on in Doha next week, the foreign ministry said."}\n' \
    "$n" "$n" "$((n % 30 + 2))" "$((n % 17 + 2))" "$((n % 9 + 2))"
done > "$articles"
begun=$(now)
taskset -c 0 "$watchfire" read --batch "$articles" > "$work/out"
took=$(( ($(now) - begun) / 1000000 ))
say "articles a second of read --batch, one core" "$(( $(wc -l < "$work/out") * 1000 / took ))"

# A megabyte without an end of a sentence: the limit is one second.
for piece in '12 killed in Kunduz, ' 'police in Kabul said ' 'on Monday Kunduz Baghlan Takhar ' 'including five women and '; do
  {
    printf '{"id": 1, "title": "x", "published": "2019-01-10T14:00:00Z", "text": "'
    yes "$piece" | tr -d '\n' | head -c 1000000 || true
    printf '"}\n'
  } > "$work/hostile.jsonl"
  begun=$(now)
  taskset -c 0 "$watchfire" read --batch "$work/hostile.jsonl" > "$work/out"
  say "1 MB of \"$piece\"" "$(( ($(now) - begun) / 1000000 )) ms"
done

# Reading alone, without a process around it, beside a plain search; and hostile texts in two lengths.
taskset -c 0 cargo bench --locked --quiet --bench extract
