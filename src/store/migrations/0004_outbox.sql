-- An outbox that every sink empties at its own pace, and words on watchfire's own
-- blindness beside the alerts.

-- What people were told of watchfire's own state.
CREATE TABLE alarms (
    seq        INTEGER PRIMARY KEY,           -- order of decision
    id         TEXT NOT NULL UNIQUE,
    sent       TEXT NOT NULL,                 -- when it was decided
    type       TEXT NOT NULL,                 -- 'blind', 'blind_over'
    level      TEXT NOT NULL,
    subject    TEXT NOT NULL,                 -- 'source Herald', 'disk', 'clock'
    headline   TEXT NOT NULL,
    reason     TEXT NOT NULL,
    updates    TEXT,                          -- the alarm that this one ends
    clear_since TEXT,                         -- since when it is gone, while that is not told
    record     TEXT NOT NULL
) STRICT;
CREATE INDEX alarms_by_subject ON alarms (subject, seq);

-- Where alerts go, and how that went lately.
CREATE TABLE sinks (
    name       TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,                 -- 'log', 'webhook', 'email'
    configured INTEGER NOT NULL DEFAULT 1,    -- 0: no longer in the configuration
    first_seen TEXT NOT NULL,
    last_good  TEXT,                          -- when it last took a message
    streak     INTEGER NOT NULL DEFAULT 0,    -- refusals since then
    failing_since TEXT,
    error      TEXT
) STRICT;

DROP VIEW v_alerts;
ALTER TABLE outbox RENAME TO outbox_before;
DROP INDEX outbox_unsent;

-- What has to be told to whom; a row stays after it was settled.
CREATE TABLE outbox (
    id       INTEGER PRIMARY KEY,
    alert    TEXT NOT NULL,                   -- of alerts or alarms
    matter   TEXT NOT NULL,                   -- the first alert on the same matter: told in order
    sink     TEXT NOT NULL,
    state    TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'dead', 'silenced')),
    tries    INTEGER NOT NULL DEFAULT 0,
    next_try TEXT NOT NULL,
    settled  TEXT,                            -- when it was sent, given up or silenced
    error    TEXT,                            -- of the last try, or why it was not tried
    UNIQUE (alert, sink)
) STRICT;
INSERT INTO outbox (id, alert, matter, sink, state, tries, next_try, settled, error)
SELECT o.id, o.alert, coalesce(a.updates, a.id), o.sink,
       CASE WHEN o.sent_at IS NULL THEN 'waiting' ELSE 'sent' END,
       o.tries, o.next_try, o.sent_at, o.error
  FROM outbox_before o JOIN alerts a ON a.id = o.alert;
DROP TABLE outbox_before;
CREATE INDEX outbox_waiting ON outbox (sink, next_try) WHERE state = 'waiting';
CREATE INDEX alerts_by_matter ON alerts (updates);
CREATE INDEX alarms_by_matter ON alarms (updates);
CREATE INDEX outbox_by_matter ON outbox (matter, sink);

-- One row an alert, the newest first; delivered is empty until every sink has it
-- that is to have it, dead counts the sinks that were given up.
CREATE VIEW v_alerts AS
SELECT a.id, a.sent, a.type, a.level, a.watch, a.places, a.joint, a.metric,
       a.value_low, a.value_best, a.value_high,
       a.event AS event_id,
       a.headline, a.reason, a.updates,
       (SELECT CASE WHEN count(*) = sum(o.state = 'sent') THEN max(o.settled) END
          FROM outbox o WHERE o.alert = a.id AND o.state <> 'silenced') AS delivered,
       (SELECT max(o.tries) FROM outbox o WHERE o.alert = a.id) AS tries,
       (SELECT group_concat(o.sink || ': ' || o.error, '; ')
          FROM outbox o WHERE o.alert = a.id AND o.error IS NOT NULL) AS error,
       (SELECT count(*) FROM outbox o WHERE o.alert = a.id AND o.state = 'dead') AS dead
  FROM alerts a
 ORDER BY a.seq DESC;

-- One row a message and sink, the newest first: who was told, who is still to be.
CREATE VIEW v_outbox AS
SELECT o.alert, coalesce(a.type, b.type) AS type, coalesce(a.headline, b.headline) AS headline,
       o.sink, o.state, o.tries,
       CASE o.state WHEN 'waiting' THEN o.next_try END AS next_try,
       o.settled, o.error
  FROM outbox o
  LEFT JOIN alerts a ON a.id = o.alert
  LEFT JOIN alarms b ON b.id = o.alert
 ORDER BY o.id DESC;
