#!/bin/sh
# What ten thousand articles in one poll cost: seconds, memory, alerts. Builds the
# release if it is not there. `benches/flood.sh [articles]`
set -eu
cd "$(dirname "$0")/.."
n=${1:-10000}
binary=${WATCHFIRE:-target/release/watchfire}
[ -x "$binary" ] || cargo build --release
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

cat > "$home/rules.toml" <<'RULES'
[[watch]]
name = "country"
country = "AF"
levels = [ { level = "warning", killed = 5 }, { level = "critical", killed = 20 }, { level = "critical", killed = 500, within = "7d" } ]
RULES

# $1: distinct, another attack in every article, each in a district of its own; same, one
# attack retold in other words; wire, one text under other headlines.
articles() {
    awk -v n="$n" -v what="$1" 'BEGIN {
        split("Kunduz Baghlan Takhar Badghis Balkh Faryab Herat Farah Ghor Helmand Kandahar Zabul Ghazni Paktika Khost Logar Nangarhar Kunar", place, " ")
        split("Red Blue Green White Black North South East West Upper Lower Old New Great Small", word, " ")
        split("bad dag far gam hol jab kur lam mos nav pir rag sob tur", first, " ")
        split("ban chi dor fal gon hem jil kan lor mud nat pol rib sam tez", second, " ")
        split("abad zai khel pur dara gul tan wal rud maz shan kot lak nor sir bil", third, " ")
        srand(7)
        for (i = 1; i <= n; i++) {
            where = what == "distinct" ? place[i % 18 + 1] : "Kunduz"
            killed = what == "distinct" ? 3 + int(rand() * 60) : 8 + i % 3
            base = "on a base in " where " province"
            if (what == "distinct") {
                name = first[int(i / 18) % 14 + 1] second[int(i / 252) % 15 + 1] third[i % 16 + 1]
                base = "on a base in " toupper(substr(name, 1, 1)) substr(name, 2) " district of " where " province"
            }
            tail = ""
            if (what != "wire")
                for (k = 0; k < 12; k++) tail = tail " " word[int(rand() * 15) + 1] int(rand() * 900)
            printf "{\"id\":\"a%d\",\"source\":\"%s\",\"published\":\"2019-01-10T08:00:00Z\",\"fetched\":\"2019-01-10T09:00:00Z\",\"title\":\"Attack %d in %s\",\"text\":\"Gunmen killed %d soldiers in an attack %s on Thursday, police said.\\n\\nThe report adds:%s.\"}\n", i, "Flood", i, where, killed, base, tail
        }
    }'
}

for kind in distinct same wire; do
    articles "$kind" > "$home/articles.jsonl"
    start=$(date +%s.%N)
    "$binary" replay --articles "$home/articles.jsonl" --config "$home/rules.toml" --format jsonl > "$home/out.jsonl" &
    pid=$!
    peak=0 cpu=0
    while kill -0 "$pid" 2>/dev/null; do
        now=$(awk '/VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null || echo 0)
        [ "${now:-0}" -gt "$peak" ] && peak=$now
        spent=$(awk '{ print $14 + $15 }' "/proc/$pid/stat" 2>/dev/null || echo 0)
        [ "${spent:-0}" -gt "$cpu" ] && cpu=$spent
        sleep 0.05
    done
    wait "$pid"
    took=$(date +%s.%N | awk -v start="$start" '{ printf "%.1f", $1 - start }')
    alerts=$(grep -c '^{"alert"' "$home/out.jsonl" || true)
    events=$(grep -c '^{"event"' "$home/out.jsonl" || true)
    echo "$kind: $n articles, $took s, $((cpu / 100)) s of one core, $((peak / 1024)) MiB, $alerts alerts, $events events"
done
