-- What persons say: words on events that hold against the machine, and orders of
-- silence. Nothing here is ever deleted.

CREATE TABLE overrides (
    id      INTEGER PRIMARY KEY,
    made    TEXT NOT NULL,
    author  TEXT NOT NULL,
    comment TEXT NOT NULL,
    event   TEXT NOT NULL,                    -- that it is about, or joins to
    revoked TEXT,                             -- when it was taken back
    record  TEXT NOT NULL
) STRICT;

CREATE TABLE silences (
    id      INTEGER PRIMARY KEY,
    made    TEXT NOT NULL,
    author  TEXT NOT NULL,
    comment TEXT NOT NULL,
    until   TEXT NOT NULL,                    -- every silence has an end
    record  TEXT NOT NULL
) STRICT;
CREATE INDEX silences_by_end ON silences (until);
