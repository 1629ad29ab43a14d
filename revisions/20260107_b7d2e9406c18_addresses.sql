-- revision: b7d2e9406c18
-- parents: [a1f03c5e7b21]
-- message: addresses
-- created: 2026-01-07T14:03:10Z

-- rev: up
CREATE TABLE addresses (
  id integer PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('billing', 'delivery')),
  street text NOT NULL,
  city text NOT NULL,
  country text NOT NULL DEFAULT 'CH'
);
CREATE UNIQUE INDEX addresses_one_of_a_kind ON addresses (customer_id, kind);

-- rev: down
DROP TABLE addresses;
