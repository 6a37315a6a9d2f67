-- A mark points at its fingerprint by a small number: its row is a tenth as long, and
-- there are more than thirty of them to an article.

CREATE TABLE article_prints (
    print   INTEGER PRIMARY KEY,
    article TEXT NOT NULL UNIQUE REFERENCES articles (id) ON DELETE CASCADE,
    fetched TEXT NOT NULL
) STRICT;
CREATE INDEX article_prints_by_time ON article_prints (fetched);
INSERT INTO article_prints (article, fetched)
    SELECT article, min(fetched) FROM article_marks GROUP BY article;

CREATE TABLE marks (
    mark  INTEGER NOT NULL,
    print INTEGER NOT NULL,     -- of article_prints; one that is gone means nothing
    PRIMARY KEY (mark, print)
) STRICT, WITHOUT ROWID;
INSERT INTO marks
    SELECT m.mark, p.print FROM article_marks m JOIN article_prints p ON p.article = m.article;

DROP TABLE article_marks;
ALTER TABLE marks RENAME TO article_marks;
