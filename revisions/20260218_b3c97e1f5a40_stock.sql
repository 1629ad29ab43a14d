-- revision: b3c97e1f5a40
-- parents: [a86d4f2b0e79]
-- message: stock that is never negative
-- created: 2026-02-18T13:37:20Z
-- labels: [catalog]

-- rev: up
CREATE TABLE stock (
  product_id integer PRIMARY KEY REFERENCES products (id),
  pieces integer NOT NULL DEFAULT 0
);
CREATE TRIGGER stock_is_never_negative BEFORE UPDATE ON stock WHEN new.pieces < 0
BEGIN
  SELECT raise(ABORT, 'not so many in stock');
END;

-- rev: down
DROP TABLE stock;
