-- The tables of watchfire's store. Times are UTC text with milliseconds
-- (2026-11-23T20:29:01.000Z), so that they sort and read as they stand; places
-- are ISO 3166 codes; columns named `record` or `state` hold the whole noun as
-- JSON, and the other columns repeat what a person or a query asks for.

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

-- Bounded: the newest of each source, and those at which its outcome changed.
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
CREATE INDEX polls_of ON polls (source, id);

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
CREATE INDEX articles_by_source ON articles (source, fetched);
CREATE INDEX articles_by_time ON articles (fetched);
CREATE INDEX articles_by_story ON articles (story);

-- The names under which a source has shown an article, across its mirrors.
CREATE TABLE article_keys (
    source  TEXT NOT NULL REFERENCES sources (name) ON DELETE CASCADE,
    key     TEXT NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id),
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_keys_of ON article_keys (article);

-- Every item that a feed has shown, and what became of it.
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
CREATE INDEX items_by_article ON items (article);
CREATE INDEX items_by_time ON items (source, first_seen);

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
CREATE INDEX events_by_day ON events (last_day);
CREATE INDEX events_undated ON events (last_changed) WHERE last_day IS NULL;

CREATE TABLE event_places (
    event TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    place TEXT NOT NULL,
    PRIMARY KEY (event, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_places_by_place ON event_places (place);

-- Every revision that an event has had, the newest included.
CREATE TABLE event_history (
    event    TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    changed  TEXT NOT NULL,
    what     TEXT NOT NULL,                   -- the parts that differ from the revision before, JSON
    record   TEXT NOT NULL,
    PRIMARY KEY (event, revision)
) STRICT;

-- What one article says of one event.
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
CREATE INDEX reports_by_event ON reports (event, position);

-- Why an event that changed raised nothing; the newest answer of each.
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
CREATE INDEX alerts_by_event ON alerts (event);
CREATE INDEX alerts_by_time ON alerts (sent);

-- What has to be told to whom; a row stays after it was sent.
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
CREATE INDEX outbox_unsent ON outbox (sink, next_try) WHERE sent_at IS NULL;
