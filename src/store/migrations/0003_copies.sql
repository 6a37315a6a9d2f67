-- Copies of a text are known by its fingerprint.

ALTER TABLE articles ADD COLUMN copy_of TEXT REFERENCES articles (id); -- the article whose words it mostly has
ALTER TABLE articles ADD COLUMN print   BLOB;                          -- MinHash of a text that is nobody's copy

-- By which marks of their fingerprints the originals of the last weeks are found.
CREATE TABLE article_marks (
    mark    INTEGER NOT NULL,
    article TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    fetched TEXT NOT NULL,
    PRIMARY KEY (mark, article)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_marks_by_time ON article_marks (fetched);

DROP VIEW v_articles;
CREATE VIEW v_articles AS
SELECT a.id, a.fetched, a.published, a.source, a.title, a.link, a.language,
       length(a.text) AS characters,
       (SELECT count(*) FROM reports r WHERE r.article = a.id) AS reports,
       (SELECT group_concat(DISTINCT r.event) FROM reports r WHERE r.article = a.id) AS events,
       (SELECT group_concat(DISTINCT i.source) FROM items i WHERE i.article = a.id) AS seen_at,
       a.agency, a.story, a.updates, a.extractor, a.copy_of
  FROM articles a
 ORDER BY a.fetched DESC, a.id;
