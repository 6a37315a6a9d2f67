-- The views are the store's face to people and scripts; a column may be added
-- here, never renamed or dropped.

-- One row an attack: day (first possible, local), places (ISO 3166-2), kind,
-- perpetrator, tolls of everybody but militants (an empty high is open),
-- how many articles report it and how many of them independently, and why it raised
-- no alert where it did not.
CREATE VIEW v_events AS
SELECT id,
       first_day AS day,
       last_day,
       places,
       kind,
       perpetrator,
       killed_low, killed_best, killed_high,
       wounded_low, wounded_best, wounded_high,
       abducted_best AS abducted,
       militants_killed_best AS militants_killed,
       reports, independent, disputed, certainty,
       status,
       headline,
       (SELECT group_concat(q.reason, ', ') FROM quiet q WHERE q.event = events.id) AS quiet,
       first_seen, last_changed, revision
  FROM events
 ORDER BY coalesce(last_day, last_changed) DESC, id;

-- One row an alert, the newest first; delivered is empty until every sink has it.
CREATE VIEW v_alerts AS
SELECT a.id, a.sent, a.type, a.level, a.watch, a.places, a.joint, a.metric,
       a.value_low, a.value_best, a.value_high,
       a.event AS event_id,
       a.headline, a.reason, a.updates,
       (SELECT CASE WHEN count(*) = count(o.sent_at) THEN max(o.sent_at) END
          FROM outbox o WHERE o.alert = a.id) AS delivered,
       (SELECT max(o.tries) FROM outbox o WHERE o.alert = a.id) AS tries,
       (SELECT group_concat(o.sink || ': ' || o.error, '; ')
          FROM outbox o WHERE o.alert = a.id AND o.error IS NOT NULL) AS error
  FROM alerts a
 ORDER BY a.seq DESC;

-- One row an article, the newest first: where it came from, what it updates or
-- tells again, under how many names it was met, what was read out of it.
CREATE VIEW v_articles AS
SELECT a.id, a.fetched, a.published, a.source, a.title, a.link, a.language,
       length(a.text) AS characters,
       (SELECT count(*) FROM reports r WHERE r.article = a.id) AS reports,
       (SELECT group_concat(DISTINCT r.event) FROM reports r WHERE r.article = a.id) AS events,
       (SELECT group_concat(DISTINCT i.source) FROM items i WHERE i.article = a.id) AS seen_at,
       a.agency, a.story, a.updates, a.extractor
  FROM articles a
 ORDER BY a.fetched DESC, a.id;

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
       m.retry_at AS mirror_retry_at
  FROM sources s
  LEFT JOIN mirrors m ON m.source = s.name AND m.configured
 WHERE s.configured
 ORDER BY s.name, m.position;
