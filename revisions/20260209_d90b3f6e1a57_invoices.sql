-- revision: d90b3f6e1a57
-- parents: [c41a8e0d5f93]
-- message: invoices
-- created: 2026-02-09T10:21:37Z

-- rev: up
CREATE TABLE invoices (
  id integer PRIMARY KEY,
  customer_id integer NOT NULL REFERENCES customers (id),
  number text NOT NULL UNIQUE,
  issued_on text NOT NULL DEFAULT CURRENT_DATE,
  total_cents integer NOT NULL
);
CREATE INDEX invoices_by_customer ON invoices (customer_id, issued_on);

-- rev: down
DROP TABLE invoices;
