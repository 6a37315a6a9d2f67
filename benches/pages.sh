#!/usr/bin/env bash
# Measures what reading a page costs, the process of its own included: each page of
# tests/pages, and some that mean harm. Needs a release build, or a binary that
# WATCHFIRE names. How well the text is found is printed by
#   cargo test --test it pages::the_main_text -- --nocapture
# Usage: benches/pages.sh [TIMES]
set -euo pipefail
cd "$(dirname "$0")/.."

watchfire=${WATCHFIRE:-target/release/watchfire}
times=${1:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

many() { printf "%0.s$1" $(seq "$2"); }
many '<div>' 16000 > "$work/deep.html"
{ many '<div>' 480; many '<p>Ten soldiers were killed on Thursday.</p>' 12000; } > "$work/flat-enough.html"
{ printf '<p '; for n in $(seq 100000); do printf 'a%s=1 ' "$n"; done; printf '>x'; } > "$work/attributes.html"
many '<p>word word word word word word word word word word</p>\n' 180000 > "$work/ten-megabytes.html"

printf '%-28s %10s %10s %10s\n' page 'KiB' 'ms' 'MiB at most'
cost() {
  local begun ended memory
  begun=$(date +%s%N)
  for _ in $(seq "$2"); do
    "$watchfire" extract-page --cost --url https://herald.example/2026/11/story.html \
      < "$1" > /dev/null 2> "$work/cost" || echo "0 stopped" > "$work/cost"
  done
  ended=$(date +%s%N)
  memory=$(awk '{print $2}' "$work/cost")
  printf '%-28s %10s %10s %10s\n' "$(basename "$1" .html)" "$(( $(stat -c %s "$1") / 1024 ))" \
    "$(( (ended - begun) / $2 / 1000000 ))" "$memory"
}
for page in tests/pages/*.html; do cost "$page" "$times"; done
for page in "$work"/*.html; do cost "$page" 1; done
