-- The pages of items of which a feed carries a summary only.

-- How much of the article the text is: 'whole' as the feed has it, 'lead' (its
-- summary), 'page' (of its page), 'joined' (a new lead before an older page's text).
ALTER TABLE articles ADD COLUMN extent TEXT NOT NULL DEFAULT 'whole';

-- One row an item whose page is wanted, and what became of it. A row that waits is
-- the queue: nothing of it is lost with the process.
CREATE TABLE pages (
    id          INTEGER PRIMARY KEY,
    source      TEXT NOT NULL REFERENCES sources (name) ON DELETE CASCADE,
    key         TEXT NOT NULL,                -- of its item
    url         TEXT NOT NULL,
    host        TEXT NOT NULL,                -- scheme, host and port of the url
    article     TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE, -- the text it is to complete
    lead        TEXT NOT NULL,                -- what the feed says of it, the headline left out
    urgent      INTEGER NOT NULL,             -- 1: the lead tells of an attack
    queued      TEXT NOT NULL,
    state       TEXT NOT NULL DEFAULT 'waiting'
                CHECK (state IN ('waiting', 'read', 'kept', 'given_up')),
    tries       INTEGER NOT NULL DEFAULT 0,
    next_try    TEXT,                         -- NULL: nothing more is tried
    last_try    TEXT,
    took_ms     INTEGER,                      -- of the last try
    wire        INTEGER,                      -- bytes that came
    error_class TEXT,                         -- why it is not read yet, or why the lead stays
    error       TEXT,
    text        TEXT REFERENCES articles (id) ON DELETE SET NULL, -- the article as its page has it
    canonical   TEXT,                         -- where the page says that it belongs
    byline      TEXT,
    captions    TEXT,                         -- words under its pictures, JSON array
    way         TEXT,                         -- how its main text was found
    UNIQUE (source, key)
) STRICT;
CREATE INDEX pages_waiting ON pages (next_try) WHERE state = 'waiting';
CREATE INDEX pages_tried ON pages (last_try) WHERE last_try IS NOT NULL;
CREATE INDEX pages_of ON pages (article);
CREATE INDEX pages_by_text ON pages (text);

-- What hosts ask of those who fetch pages.
CREATE TABLE page_hosts (
    host       TEXT PRIMARY KEY,
    not_before TEXT,                          -- it asked to be left alone until then
    robots     TEXT                           -- its robots.txt and until when it holds, JSON
) STRICT, WITHOUT ROWID;

-- One row a page, those that wait first.
CREATE VIEW v_pages AS
SELECT p.source, i.title, p.url, p.state, p.tries, p.next_try, p.last_try,
       p.error_class, p.error, p.took_ms, p.wire, p.byline, p.canonical, p.way,
       p.urgent, p.queued, p.article, p.text
  FROM pages p
  LEFT JOIN items i ON i.source = p.source AND i.key = p.key
 ORDER BY p.state <> 'waiting', coalesce(p.last_try, p.queued) DESC, p.id DESC;

DROP VIEW v_articles;
CREATE VIEW v_articles AS
SELECT a.id, a.fetched, a.published, a.source, a.title, a.link, a.language,
       length(a.text) AS characters,
       (SELECT count(*) FROM reports r WHERE r.article = a.id) AS reports,
       (SELECT group_concat(DISTINCT r.event) FROM reports r WHERE r.article = a.id) AS events,
       (SELECT group_concat(DISTINCT i.source) FROM items i WHERE i.article = a.id) AS seen_at,
       a.agency, a.story, a.updates, a.extractor, a.copy_of, a.extent,
       (SELECT p.state FROM pages p WHERE a.id IN (p.article, p.text)
         ORDER BY p.id DESC LIMIT 1) AS page,
       (SELECT p.error_class FROM pages p WHERE a.id IN (p.article, p.text)
         ORDER BY p.id DESC LIMIT 1) AS page_error
  FROM articles a
 ORDER BY a.fetched DESC, a.id;
