-- revision: f5e1c09b8d34
-- parents: [b7d2e9406c18]
-- message: products
-- created: 2026-02-03T11:00:19Z

-- rev: up
CREATE TABLE products (
  id integer PRIMARY KEY,
  sku text NOT NULL UNIQUE,
  title text NOT NULL,
  price_cents integer NOT NULL
);

-- rev: down
DROP TABLE products;
