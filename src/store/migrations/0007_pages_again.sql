-- Pages that tell of an attack are read again: a row that is 'read' may be due too.
DROP INDEX pages_waiting;
CREATE INDEX pages_due ON pages (next_try) WHERE next_try IS NOT NULL;
