-- Alerts on several events at once: sums over days, and floods told together.

CREATE TABLE alert_events (
    event TEXT NOT NULL,
    alert TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    PRIMARY KEY (event, alert)
) STRICT, WITHOUT ROWID;
