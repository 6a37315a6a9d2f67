-- What is known of the health of sources and mirrors, for people and for `status`;
-- the whole of it is in `sources.state`.

ALTER TABLE sources ADD COLUMN pace TEXT;               -- what next_poll goes by: every, rhythm, headers, feed, skip, ceiling, backoff, held, outage
ALTER TABLE sources ADD COLUMN last_new TEXT;           -- when something new last appeared
ALTER TABLE sources ADD COLUMN quiet_after TEXT;        -- from when on its silence is told
ALTER TABLE sources ADD COLUMN failing_since TEXT;      -- the first of the failed polls in a row
ALTER TABLE mirrors ADD COLUMN not_before TEXT;         -- its host asked to be left alone until then
ALTER TABLE mirrors ADD COLUMN stale_since TEXT;        -- its newest item is much older than the source's
ALTER TABLE mirrors ADD COLUMN differs_since TEXT;      -- it tells an item otherwise than another mirror
ALTER TABLE mirrors ADD COLUMN moved_to TEXT;           -- where it says that the feed has moved for good
ALTER TABLE mirrors ADD COLUMN latency_ms INTEGER;      -- of 95 of 100 answers

-- Where watchfire was blind: alarms that stand (ended is NULL) or stood.
CREATE TABLE blind (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL,                  -- outage, down, quarantined, differs, quiet, damaged
    source    TEXT NOT NULL,                  -- empty: all of them
    since     TEXT NOT NULL,
    noticed   TEXT NOT NULL,
    ended     TEXT,
    why       TEXT NOT NULL,
    next_step TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX blind_standing ON blind (kind, source) WHERE ended IS NULL;

DROP VIEW v_sources;

-- Feed health, one row a source and mirror. The columns of the source repeat on
-- each of its mirrors; items_per_day is over the last seven days.
CREATE VIEW v_sources AS
SELECT s.name AS source,
       CASE WHEN s.last_poll IS NULL THEN 'waiting'
            WHEN s.error_streak = 0 THEN 'up'
            ELSE 'failing' END AS status,
       s.country, s.last_good, s.next_poll, s.error_class, s.error, s.error_streak,
       (SELECT round(count(*) / 7.0, 1) FROM items i
         WHERE i.source = s.name
           AND i.first_seen >= strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-7 days')) AS items_per_day,
       m.url AS mirror,
       m.status AS mirror_status,
       m.last_good AS mirror_last_good,
       m.error_class AS mirror_error_class,
       m.error AS mirror_error,
       m.error_streak AS mirror_error_streak,
       m.retry_at AS mirror_retry_at,
       s.pace, s.last_new, s.quiet_after, s.failing_since,
       m.not_before AS mirror_not_before,
       m.stale_since AS mirror_stale_since,
       m.differs_since AS mirror_differs_since,
       m.moved_to AS mirror_moved_to,
       m.latency_ms AS mirror_latency_ms,
       (SELECT group_concat(b.kind, ', ') FROM blind b
         WHERE b.ended IS NULL AND b.source IN (s.name, '')) AS blind
  FROM sources s
  LEFT JOIN mirrors m ON m.source = s.name AND m.configured
 WHERE s.configured
 ORDER BY s.name, m.position;
