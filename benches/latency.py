#!/usr/bin/env python3
"""Measures how long an alert takes from the last byte of a changed feed to its line on
disk: a publisher on loopback notes when each feed was sent, a look at the log every
millisecond when each line is there. Usage: benches/latency.py target/release/watchfire
"""
import datetime, http.server, json, os, statistics, subprocess, sys, tempfile, threading, time

PLACES = """Kunduz Baghlan Takhar Badghis Badakhshan Balkh Jowzjan Faryab Samangan Herat Farah
Nimroz Helmand Kandahar Zabul Ghazni Paktika Paktia Khost Logar Wardak Kapisa Parwan Panjshir
Laghman Nangarhar Kunar Nuristan Bamyan Ghor Daykundi Uruzgan""".split()

sent = {}


class Publisher(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        place = self.path.strip("/").removesuffix(".xml")
        now = datetime.datetime.now(datetime.timezone.utc)
        day = (now - datetime.timedelta(hours=20)).strftime("%A")
        text = (f"Gunmen killed seven policemen at a checkpoint in {place} province on {day}, "
                f"the provincial police chief said. Eleven others were wounded.")
        stamp = now.strftime("%a, %d %b %Y %H:%M:%S +0000")
        filler = "".join(
            f"<item><title>Market day {n} in {place}</title><guid>m{n}-{place}</guid>"
            f"<description>Prices of wheat and onions rose again, traders number {n} said."
            f"</description></item>" for n in range(20))
        body = (f'<rss version="2.0"><channel><title>{place} Herald</title><item>'
                f"<title>Policemen killed in {place}</title><guid>{place}</guid>"
                f"<pubDate>{stamp}</pubDate><description>{text}</description></item>{filler}"
                f"</channel></rss>").encode()
        if place not in PLACES:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        sent.setdefault(place, time.monotonic())

    def log_message(self, *_):
        pass


def main():
    program = sys.argv[1]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_address[1]
    with tempfile.TemporaryDirectory() as home:
        log = f"{home}/a.jsonl"
        lines = [f'[store]\npath = "{home}/w.db"\n[alerts]\nlog = "{log}"\n[fetch]\n'
                 f'allow_networks = ["127.0.0.0/8"]\nhost_spacing = "1s"\n']
        for place in PLACES:
            lines.append(f'[[source]]\nname = "{place} Herald"\ncountry = "AF"\npages = "never"\n'
                         f'feed = "http://127.0.0.1:{port}/{place}.xml"\nevery = "1h"\n')
        lines.append('[[watch]]\nname = "all"\ncountry = "AF"\n'
                     'levels = [ { level = "warning", killed = 5 } ]\n')
        config = f"{home}/w.toml"
        with open(config, "w") as out:
            out.write("".join(lines))
        daemon = subprocess.Popen([program, "run", "--config", config],
                                  stderr=subprocess.DEVNULL)
        taken, size = {}, 0
        until = time.monotonic() + 120
        while len(taken) < len(PLACES) and time.monotonic() < until:
            time.sleep(0.001)
            if not os.path.exists(log) or os.path.getsize(log) == size:
                continue
            now = time.monotonic()
            with open(log) as file:
                told = [json.loads(line) for line in file if line.endswith("\n")]
            size = os.path.getsize(log)
            for alert in told:
                for source in alert.get("sources", []):
                    place = source.removesuffix(" Herald")
                    taken.setdefault(place, (now - sent[place]) * 1000)
        daemon.terminate()
        daemon.wait()
    if len(taken) < len(PLACES):
        sys.exit(f"only {len(taken)} of {len(PLACES)} alerts came: {sorted(taken)}")
    all_of_them = sorted(taken.values())
    print(f"{len(taken)} alerts, feed sent to line on disk: "
          f"median {statistics.median(all_of_them):.0f} ms, "
          f"p99 {all_of_them[int(len(all_of_them) * 0.99)]:.0f} ms, "
          f"most {all_of_them[-1]:.0f} ms")


main()
