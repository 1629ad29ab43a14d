-- Virtual tables, with the shadow tables that they bring.

CREATE TABLE article (
    id INTEGER PRIMARY KEY,
    title text NOT NULL,
    body text NOT NULL
);

CREATE VIRTUAL TABLE plain_words USING fts5(title, body);
CREATE VIRTUAL TABLE words_with_options USING fts5(title, body UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3', columnsize = 0, detail = none);
CREATE VIRTUAL TABLE article_words USING fts5(title, body, content = 'article', content_rowid = 'id');
CREATE VIRTUAL TABLE contentless_words USING fts5(body, content = '');
CREATE VIRTUAL TABLE trigram_words USING fts5(body, tokenize = "trigram case_sensitive 0");
CREATE VIRTUAL TABLE "Odd Words" USING fts5("the title", "select");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab('plain_words', 'row');

CREATE TRIGGER article_inserted AFTER INSERT ON article BEGIN
    INSERT INTO article_words (rowid, title, body) VALUES (NEW.id, NEW.title, NEW.body);
END;
CREATE TRIGGER article_deleted AFTER DELETE ON article BEGIN
    INSERT INTO article_words (article_words, rowid, title, body) VALUES ('delete', OLD.id, OLD.title, OLD.body);
END;
CREATE TRIGGER article_updated AFTER UPDATE ON article BEGIN
    INSERT INTO article_words (article_words, rowid, title, body) VALUES ('delete', OLD.id, OLD.title, OLD.body);
    INSERT INTO article_words (rowid, title, body) VALUES (NEW.id, NEW.title, NEW.body);
END;

CREATE VIRTUAL TABLE boxes USING rtree(id, min_x, max_x, min_y, max_y);
CREATE VIRTUAL TABLE boxes_of_integers USING rtree_i32(id, min_x, max_x);
CREATE VIRTUAL TABLE boxes_with_more USING rtree(id, min_x, max_x, min_y, max_y, +label text, +weight real);

CREATE VIEW found AS SELECT a.id, a.title, w.rank FROM article_words w JOIN article a ON a.id = w.rowid WHERE article_words MATCH 'word';

-- no shadow tables: named much like some
CREATE TABLE plain_words_more (a int);
CREATE TABLE article_data (a int);
CREATE TABLE boxes_nodes (a int);
