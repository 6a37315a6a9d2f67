-- What a reader of feeds broke on is a row like any other fault.

ALTER TABLE polls ADD COLUMN panics INTEGER NOT NULL DEFAULT 0;  -- of the strict reader, caught; another read the feed
