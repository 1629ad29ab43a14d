-- revision: e28c7a5d4b06
-- parents: [d90b3f6e1a57]
-- message: payments and open invoices
-- created: 2026-02-16T16:45:02Z
-- labels: [billing]

-- rev: up
CREATE TABLE payments (
  id integer PRIMARY KEY,
  invoice_id integer NOT NULL REFERENCES invoices (id),
  paid_on text NOT NULL,
  cents integer NOT NULL CHECK (cents > 0)
);
CREATE VIEW open_invoices AS
  SELECT i.id, i.number, i.customer_id, i.total_cents - coalesce(sum(p.cents), 0) AS open_cents
  FROM invoices AS i LEFT JOIN payments AS p ON p.invoice_id = i.id
  GROUP BY i.id
  HAVING open_cents > 0;

-- rev: down
DROP VIEW open_invoices;
DROP TABLE payments;
