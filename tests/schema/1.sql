-- A store as version 1 of the schema leaves it.
PRAGMA application_id = 2003200370;
PRAGMA user_version = 1;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE sources (
    name         TEXT PRIMARY KEY,
    country      TEXT,
    configured   INTEGER NOT NULL DEFAULT 1,  -- 0: no longer in the configuration
    first_seen   TEXT NOT NULL,
    last_poll    TEXT,
    last_good    TEXT,                        -- when a mirror last proved to serve it
    next_poll    TEXT,
    error_class  TEXT,                        -- of the last poll; NULL where it went well
    error        TEXT,
    error_streak INTEGER NOT NULL DEFAULT 0,  -- failed polls since the last good one
    state        TEXT                         -- schedule and mirrors' breakers, JSON
) STRICT;
INSERT INTO sources VALUES('Example',NULL,1,'2026-11-23T06:00:00.000Z','2026-11-23T06:00:00.000Z','2026-11-23T06:00:00.000Z','2026-11-23T06:05:00.000Z',NULL,NULL,0,'{"mirrors":{"https://news.example/rss.xml":{"validators":{"url":"https://news.example/rss.xml","etag":"W/\"1\"","last_modified":null,"since":"2026-11-23T06:00:00Z"},"health":{"state":"up","failures":0},"good_streak":0,"last_asked":null,"last_good":"2026-11-23T06:00:00Z","not_before":null,"last_fault":null}},"sticky":null,"streak":0,"last_good":"2026-11-23T06:00:00Z","last_poll":"2026-11-23T06:00:00Z","next_poll":"2026-11-23T06:05:00Z","history":{"title":null,"keys":[]}}');
CREATE TABLE mirrors (
    source        TEXT NOT NULL REFERENCES sources (name) ON DELETE CASCADE,
    url           TEXT NOT NULL,
    position      INTEGER NOT NULL,             -- place in the configuration, from 0
    configured    INTEGER NOT NULL DEFAULT 1,
    status        TEXT NOT NULL DEFAULT 'up',   -- 'failing': asked again at once; 'down': left alone until retry_at
    last_asked    TEXT,
    last_good     TEXT,
    error_class   TEXT,                         -- of what brought it down
    error         TEXT,                         -- its last bad answer
    error_streak  INTEGER NOT NULL DEFAULT 0,
    retry_at      TEXT,
    etag          TEXT,                         -- byte for byte as the server sent it
    last_modified TEXT,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;
INSERT INTO mirrors VALUES('Example','https://news.example/rss.xml',0,0,'up',NULL,'2026-11-23T06:00:00.000Z',NULL,NULL,0,NULL,'W/"1"',NULL);
CREATE TABLE polls (
    id         INTEGER PRIMARY KEY,
    source     TEXT NOT NULL REFERENCES sources (name) ON DELETE CASCADE,
    mirror     TEXT,                          -- URL that answered, or was asked last
    started    TEXT NOT NULL,
    took_ms    INTEGER NOT NULL,
    class      TEXT NOT NULL,                 -- 'ok', 'unchanged', or the class of the error
    message    TEXT,
    stage      TEXT,                          -- how much help the feed needed to be read
    seen       INTEGER NOT NULL,              -- items: all of the following together
    stored     INTEGER NOT NULL,
    duplicate  INTEGER NOT NULL,
    rejected   INTEGER NOT NULL,
    over_cap   INTEGER NOT NULL,              -- beyond the most that is read of one feed
    rejects    TEXT,                          -- items without any content: place and reason, JSON
    is_turn    INTEGER NOT NULL               -- 1: another class than the poll before
) STRICT;
INSERT INTO polls VALUES(1,'Example','https://news.example/rss.xml','2026-11-23T06:00:00.000Z',120,'ok',NULL,NULL,1,1,0,0,0,NULL,1);
CREATE TABLE articles (
    id           TEXT PRIMARY KEY,            -- content hash of its normal form: one text, one row
    source       TEXT NOT NULL REFERENCES sources (name),
    link         TEXT,
    title        TEXT NOT NULL,
    text         TEXT NOT NULL,
    country      TEXT,
    published    TEXT,
    fetched      TEXT NOT NULL,
    language     TEXT NOT NULL,               -- ISO 639-3
    agency       TEXT,                        -- that it credits
    story        TEXT NOT NULL REFERENCES articles (id),  -- first version or original; itself
    updates      TEXT REFERENCES articles (id),           -- the version before it
    extractor    TEXT NOT NULL,               -- version that made the reading
    reading      TEXT NOT NULL                -- events, dropped numbers, doubts, JSON
) STRICT;
INSERT INTO articles VALUES('a1','Example','https://news.example/1','Post stormed in Kunduz','Gunmen stormed a post.','AF','2026-11-23T06:00:00.000Z','2026-11-23T06:00:00.000Z','eng','AFP','a1',NULL,'0.1.0','{"events":[{"where":["AF-KDZ"],"when":["2026-11-22","2026-11-22"],"status":"current","kind":"armed_assault","perpetrator":"gunmen","claim":"none","tolls":[{"party":"security","outcome":"killed","low":10,"best":10,"high":null,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]},{"party":"civilian","outcome":"killed","low":1,"best":1,"high":1,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]},{"party":"militant","outcome":"killed","low":25,"best":25,"high":25,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]},{"party":"security","outcome":"wounded","low":11,"best":11,"high":11,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]}],"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]}],"dropped":[],"doubts":[],"language":"english"}');
CREATE TABLE article_keys (
    source  TEXT NOT NULL REFERENCES sources (name) ON DELETE CASCADE,
    key     TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id),
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
INSERT INTO article_keys VALUES('Example','guid-1','a1');
INSERT INTO article_keys VALUES('Example','path-1','a1');
CREATE TABLE items (
    id         INTEGER PRIMARY KEY,
    source     TEXT NOT NULL REFERENCES sources (name) ON DELETE CASCADE,
    key        TEXT NOT NULL,                 -- its first alias key, or a hash where it has none
    keys       TEXT NOT NULL,                 -- all its alias keys, JSON array
    title      TEXT NOT NULL,
    link       TEXT,
    fate       TEXT NOT NULL CHECK (fate IN ('stored', 'duplicate', 'rejected')),
    reason     TEXT,                          -- why it was rejected
    article    TEXT REFERENCES articles (id),
    first_seen TEXT NOT NULL,
    last_seen  TEXT NOT NULL,
    UNIQUE (source, key)
) STRICT;
INSERT INTO items VALUES(1,'Example','guid-1','["guid-1","path-1"]','Post stormed in Kunduz','https://news.example/1','stored',NULL,'a1','2026-11-23T06:00:00.000Z','2026-11-23T06:00:00.000Z');
CREATE TABLE events (
    id                     TEXT PRIMARY KEY,
    places                 TEXT NOT NULL,     -- codes parted by blanks; several share one toll
    first_day              TEXT,              -- first and last possible local day
    last_day               TEXT,
    status                 TEXT NOT NULL,
    kind                   TEXT NOT NULL,
    perpetrator            TEXT,
    claim                  TEXT NOT NULL,
    killed_low             INTEGER NOT NULL,  -- everybody but militants
    killed_best            INTEGER NOT NULL,
    killed_high            INTEGER,           -- NULL: open
    wounded_low            INTEGER NOT NULL,
    wounded_best           INTEGER NOT NULL,
    wounded_high           INTEGER,
    abducted_best          INTEGER NOT NULL,
    militants_killed_best  INTEGER NOT NULL,
    reports                INTEGER NOT NULL,
    independent            INTEGER NOT NULL,
    disputed               INTEGER NOT NULL,
    certainty              TEXT NOT NULL,
    headline               TEXT NOT NULL,     -- of its newest article
    first_seen             TEXT NOT NULL,
    last_changed           TEXT NOT NULL,
    revision               INTEGER NOT NULL,
    record                 TEXT NOT NULL      -- the event without its sightings
) STRICT;
INSERT INTO events VALUES('e1','AF-KDZ','2026-11-22','2026-11-22','current','armed_assault','gunmen','none',11,11,NULL,11,11,11,0,25,1,1,0,'likely','Post stormed in Kunduz','2026-11-23T06:00:00.000Z','2026-11-23T06:00:00.000Z',1,'{"id":"e1","places":["AF-KDZ"],"when":["2026-11-22","2026-11-22"],"status":"current","kind":"armed_assault","perpetrator":"gunmen","claim":"none","tolls":[{"party":"security","outcome":"killed","low":10,"best":10,"high":null,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]},{"party":"civilian","outcome":"killed","low":1,"best":1,"high":1,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]},{"party":"militant","outcome":"killed","low":25,"best":25,"high":25,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]},{"party":"security","outcome":"wounded","low":11,"best":11,"high":11,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]}],"sightings":[],"independent":1,"disputed":false,"certainty":"likely","first_seen":"2026-11-23T06:00:00Z","last_changed":"2026-11-23T06:00:00Z","revision":1}');
CREATE TABLE event_places (
    event TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    place TEXT NOT NULL,
    PRIMARY KEY (event, place)
) STRICT, WITHOUT ROWID;
INSERT INTO event_places VALUES('e1','AF-KDZ');
CREATE TABLE event_history (
    event    TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    changed  TEXT NOT NULL,
    what     TEXT NOT NULL,                   -- the parts that differ from the revision before, JSON
    record   TEXT NOT NULL,
    PRIMARY KEY (event, revision)
) STRICT;
INSERT INTO event_history VALUES('e1',1,'2026-11-23T06:00:00.000Z','"new"','{"id":"e1","places":["AF-KDZ"],"when":["2026-11-22","2026-11-22"],"status":"current","kind":"armed_assault","perpetrator":"gunmen","claim":"none","tolls":[{"party":"security","outcome":"killed","low":10,"best":10,"high":null,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]},{"party":"civilian","outcome":"killed","low":1,"best":1,"high":1,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]},{"party":"militant","outcome":"killed","low":25,"best":25,"high":25,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]},{"party":"security","outcome":"wounded","low":11,"best":11,"high":11,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]}],"sightings":[],"independent":1,"disputed":false,"certainty":"likely","first_seen":"2026-11-23T06:00:00Z","last_changed":"2026-11-23T06:00:00Z","revision":1}');
CREATE TABLE reports (
    article     TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,             -- which of the article's reports, from 0
    event       TEXT REFERENCES events (id) ON DELETE SET NULL,
    position    INTEGER,                      -- place among the event's sightings
    places      TEXT NOT NULL,
    first_day   TEXT,
    last_day    TEXT,
    status      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    perpetrator TEXT,
    killed_best INTEGER NOT NULL,
    sighting    TEXT,                         -- as the event holds it, JSON
    PRIMARY KEY (article, ordinal)
) STRICT;
INSERT INTO reports VALUES('a1',0,'e1',0,'AF-KDZ','2026-11-22','2026-11-22','current','armed_assault','gunmen',11,'{"article":"a1","source":"Example","ordinal":0,"published":"2026-11-23T06:00:00Z","fetched":"2026-11-23T06:00:00Z","title":"Post stormed in Kunduz","link":null,"agency":null,"story":"a1","corrects":false,"report":{"where":["AF-KDZ"],"when":["2026-11-22","2026-11-22"],"status":"current","kind":"armed_assault","perpetrator":"gunmen","claim":"none","tolls":[{"party":"security","outcome":"killed","low":10,"best":10,"high":null,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]},{"party":"civilian","outcome":"killed","low":1,"best":1,"high":1,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]},{"party":"militant","outcome":"killed","low":25,"best":25,"high":25,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]},{"party":"security","outcome":"wounded","low":11,"best":11,"high":11,"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]}],"evidence":[{"range":{"start":0,"end":4},"sentence":{"start":0,"end":9},"rule":"killed","voice":"official"}]}}');
CREATE TABLE quiet (
    event   TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    watch   TEXT NOT NULL,                    -- empty where no watch holds the place
    reason  TEXT NOT NULL,
    decided TEXT NOT NULL,
    PRIMARY KEY (event, watch)
) STRICT, WITHOUT ROWID;
CREATE TABLE alerts (
    seq        INTEGER PRIMARY KEY,           -- order of decision
    id         TEXT NOT NULL UNIQUE,
    sent       TEXT NOT NULL,                 -- when it was decided
    type       TEXT NOT NULL,
    level      TEXT NOT NULL,
    watch      TEXT NOT NULL,
    places     TEXT NOT NULL,
    joint      INTEGER NOT NULL,
    metric     TEXT NOT NULL,
    value_low  INTEGER NOT NULL,
    value_best INTEGER NOT NULL,
    value_high INTEGER,
    event      TEXT REFERENCES events (id),
    updates    TEXT,                          -- the alert that this one updates or cancels
    headline   TEXT NOT NULL,
    reason     TEXT NOT NULL,
    record     TEXT NOT NULL
) STRICT;
INSERT INTO alerts VALUES(1,'x1','2026-11-23T06:00:00.000Z','alert','warning','north','AF-KDZ',0,'killed',11,11,NULL,'e1',NULL,'At least 11 killed in Kunduz','killed 11 >= 5','{"id":"x1","type":"alert","sent":"2026-11-23T06:00:00Z","level":"warning","previous_level":null,"watch":"north","places":["AF-KDZ"],"joint":false,"metric":"killed","value":{"low":11,"best":11,"high":null},"event_id":"e1","references":null,"headline":"At least 11 killed in Kunduz","reason":"killed 11 >= 5","sources":["Example"],"links":[],"independent":1,"certainty":"likely"}');
CREATE TABLE outbox (
    id       INTEGER PRIMARY KEY,
    alert    TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    sink     TEXT NOT NULL,
    tries    INTEGER NOT NULL DEFAULT 0,
    next_try TEXT NOT NULL,
    sent_at  TEXT,
    error    TEXT,
    UNIQUE (alert, sink)
) STRICT;
INSERT INTO outbox VALUES(1,'x1','log',0,'2026-11-23T06:00:00.000Z',NULL,NULL);
CREATE INDEX polls_of ON polls (source, id);
CREATE INDEX articles_by_source ON articles (source, fetched);
CREATE INDEX articles_by_time ON articles (fetched);
CREATE INDEX articles_by_story ON articles (story);
CREATE INDEX article_keys_of ON article_keys (article);
CREATE INDEX items_by_article ON items (article);
CREATE INDEX items_by_time ON items (source, first_seen);
CREATE INDEX events_by_day ON events (last_day);
CREATE INDEX events_undated ON events (last_changed) WHERE last_day IS NULL;
CREATE INDEX event_places_by_place ON event_places (place);
CREATE INDEX reports_by_event ON reports (event, position);
CREATE INDEX alerts_by_event ON alerts (event);
CREATE INDEX alerts_by_time ON alerts (sent);
CREATE INDEX outbox_unsent ON outbox (sink, next_try) WHERE sent_at IS NULL;
COMMIT;
