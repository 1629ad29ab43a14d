-- Views upon views and triggers of each kind.

CREATE TABLE customer (
    id INTEGER PRIMARY KEY,
    name text NOT NULL,
    town text,
    changed timestamp
);
CREATE TABLE purchase (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    customer_id int NOT NULL REFERENCES customer ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'paid', 'sent')),
    amount real NOT NULL
);
CREATE INDEX purchase_customer ON purchase (customer_id);
CREATE TABLE journal (id INTEGER PRIMARY KEY, what text, about text, at timestamp DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE flat (k text PRIMARY KEY, v text) WITHOUT ROWID;
CREATE TABLE firm (k INTEGER PRIMARY KEY, v ANY) STRICT;

-- views
CREATE VIEW open_purchase AS SELECT * FROM purchase WHERE state IN ('new', 'it''s');
CREATE VIEW open_by_customer AS
    SELECT c.id, c.name, count(p.id) AS purchases, sum(p.amount) AS total, max(p.amount) FILTER (WHERE p.amount > 10) AS biggest,
        group_concat(DISTINCT p.state) AS states
    FROM customer c LEFT JOIN open_purchase p ON p.customer_id = c.id
    GROUP BY c.id, c.name HAVING count(*) > 0 ORDER BY total DESC NULLS LAST;
CREATE VIEW third (who, how_much) AS SELECT name, total FROM open_by_customer LIMIT 10 OFFSET 1;
CREATE VIEW unioned AS SELECT 1 AS a UNION SELECT 2 UNION ALL SELECT 3 EXCEPT SELECT 4 INTERSECT SELECT 1;
CREATE VIEW with_cte AS WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n;
CREATE VIEW with_materialized AS WITH a AS MATERIALIZED (SELECT 1 AS x), b AS NOT MATERIALIZED (SELECT 2 AS y) SELECT x, y FROM a, b;
CREATE VIEW windowed AS
    SELECT id, rank() OVER (PARTITION BY customer_id ORDER BY amount DESC) AS place, lag(amount, 1, 0) OVER w AS before
    FROM purchase WINDOW w AS (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW);
CREATE VIEW of_values AS VALUES (1, 'a'), (2, 'b');
CREATE VIEW of_json AS SELECT e.key, e.value FROM customer, json_each('[1, 2]') AS e;
CREATE VIEW joins AS SELECT c.name, p.amount FROM customer c FULL OUTER JOIN purchase p ON p.customer_id = c.id CROSS JOIN journal NATURAL JOIN flat;
CREATE VIEW IF NOT EXISTS with_comment AS -- a comment
    /* another */ SELECT id FROM customer;

-- triggers on tables
CREATE TRIGGER before_insert BEFORE INSERT ON customer BEGIN SELECT CASE WHEN NEW.name = '' THEN RAISE(ABORT, 'it''s empty; no') END; END;
CREATE TRIGGER after_insert AFTER INSERT ON customer FOR EACH ROW BEGIN
    INSERT INTO journal (what, about) VALUES ('new', NEW.name);
    UPDATE customer SET changed = CURRENT_TIMESTAMP WHERE id = NEW.id;
END;
CREATE TRIGGER before_update BEFORE UPDATE ON customer WHEN NEW.name <> OLD.name BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER after_update AFTER UPDATE ON customer BEGIN UPDATE customer SET changed = datetime('now') WHERE id = OLD.id; END;
CREATE TRIGGER after_update_of AFTER UPDATE OF name, town ON customer FOR EACH ROW WHEN OLD.town IS NOT NEW.town BEGIN INSERT INTO journal (what, about) SELECT 'moved', OLD.town || ' -> ' || NEW.town; END;
CREATE TRIGGER before_delete BEFORE DELETE ON customer BEGIN DELETE FROM purchase WHERE customer_id = OLD.id; END;
CREATE TRIGGER after_delete AFTER DELETE ON customer BEGIN
    -- a comment; with a semicolon and an END;
    INSERT OR REPLACE INTO journal (id, what, about) VALUES (OLD.id, 'gone', CASE WHEN OLD.town IS NULL THEN '?' ELSE OLD.town END);
END;
CREATE TRIGGER no_time_said INSERT ON purchase BEGIN SELECT RAISE(ROLLBACK, 'no') WHERE NEW.amount < 0; END;
CREATE TRIGGER upserting AFTER INSERT ON purchase BEGIN
    INSERT INTO flat (k, v) VALUES (NEW.state, '1') ON CONFLICT (k) DO UPDATE SET v = v + 1;
END;
CREATE TRIGGER on_flat AFTER DELETE ON flat BEGIN SELECT RAISE(FAIL, 'kept'); END;
CREATE TRIGGER IF NOT EXISTS on_firm AFTER UPDATE OF v ON firm BEGIN SELECT 1; END;

-- triggers on views
CREATE TRIGGER instead_of_insert INSTEAD OF INSERT ON third BEGIN INSERT INTO customer (name) VALUES (NEW.who); END;
CREATE TRIGGER instead_of_update INSTEAD OF UPDATE OF who ON third WHEN NEW.who IS NOT NULL BEGIN UPDATE customer SET name = NEW.who WHERE name = OLD.who; END;
CREATE TRIGGER instead_of_delete INSTEAD OF DELETE ON third BEGIN DELETE FROM customer WHERE name = OLD.who; END;
