-- What waits through quiet hours or for what may follow, and what was told with that.

DROP VIEW v_alerts;
DROP VIEW v_outbox;
DROP INDEX outbox_waiting;
DROP INDEX outbox_by_matter;
ALTER TABLE outbox RENAME TO outbox_before;

-- What has to be told to whom; a row stays after it was settled.
CREATE TABLE outbox (
    id       INTEGER PRIMARY KEY,
    alert    TEXT NOT NULL,                   -- of alerts or alarms
    matter   TEXT NOT NULL,                   -- the first alert on the same matter: told in order
    sink     TEXT NOT NULL,
    state    TEXT NOT NULL DEFAULT 'waiting'
             CHECK (state IN ('waiting', 'sent', 'dead', 'silenced', 'merged')),
    tries    INTEGER NOT NULL DEFAULT 0,
    next_try TEXT NOT NULL,
    settled  TEXT,                            -- when it was sent, given up, silenced or merged
    error    TEXT,                            -- of the last try, or why it was not tried
    held     TEXT,                            -- why it waits before the first try
    UNIQUE (alert, sink)
) STRICT;
INSERT INTO outbox (id, alert, matter, sink, state, tries, next_try, settled, error)
SELECT id, alert, matter, sink, state, tries, next_try, settled, error FROM outbox_before;
DROP TABLE outbox_before;
CREATE INDEX outbox_waiting ON outbox (sink, next_try) WHERE state = 'waiting';
CREATE INDEX outbox_by_matter ON outbox (matter, sink);

-- One row an alert, the newest first; delivered is empty until every sink has it
-- that is to have it, dead counts the sinks that were given up.
CREATE VIEW v_alerts AS
SELECT a.id, a.sent, a.type, a.level, a.watch, a.places, a.joint, a.metric,
       a.value_low, a.value_best, a.value_high,
       a.event AS event_id,
       a.headline, a.reason, a.updates,
       (SELECT CASE WHEN count(*) = sum(o.state = 'sent') THEN max(o.settled) END
          FROM outbox o WHERE o.alert = a.id AND o.state NOT IN ('silenced', 'merged')) AS delivered,
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
       o.settled, coalesce(o.error, CASE WHEN o.state = 'waiting' AND o.tries = 0 THEN o.held END)
         AS error
  FROM outbox o
  LEFT JOIN alerts a ON a.id = o.alert
  LEFT JOIN alarms b ON b.id = o.alert
 ORDER BY o.id DESC;
