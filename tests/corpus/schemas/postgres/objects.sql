-- Everything beside tables: schemas, types, sequences, views, routines, triggers, policies,
-- partitions, inheritance, rules and comments.

CREATE SCHEMA sales;
CREATE SCHEMA audit;
COMMENT ON SCHEMA sales IS 'What is sold';

CREATE EXTENSION pgcrypto WITH SCHEMA audit;
CREATE EXTENSION "uuid-ossp";

-- types
CREATE TYPE sales.state AS ENUM ('new', 'paid', 'sent');
ALTER TYPE sales.state ADD VALUE 'checked' BEFORE 'paid';
ALTER TYPE sales.state ADD VALUE 'lost';
CREATE TYPE empty_enum AS ENUM ();
CREATE TYPE address AS (street text, city varchar(60) COLLATE "C", zip char(5), spot point);
CREATE TYPE contact AS (home address, phones text[], state sales.state);
CREATE TYPE empty_composite AS ();
CREATE DOMAIN short_text AS varchar(30) COLLATE "C" DEFAULT 'none' NOT NULL CHECK (VALUE <> '');
CREATE DOMAIN shorter_text AS short_text CONSTRAINT shorter CHECK (length(VALUE) < 10);
CREATE DOMAIN tags AS text[] CHECK (cardinality(VALUE) < 10);
ALTER DOMAIN tags ADD CONSTRAINT tags_not_valid CHECK (VALUE[1] <> 'x') NOT VALID;
CREATE TYPE time_range AS RANGE (subtype = time, multirange_type_name = time_ranges);
CREATE COLLATION german (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
COMMENT ON TYPE address IS 'Where somebody lives';
COMMENT ON DOMAIN tags IS 'A few tags';

-- sequences
CREATE SEQUENCE plain_seq;
CREATE SEQUENCE small_seq AS smallint;
CREATE SEQUENCE int_down_seq AS integer INCREMENT BY -2 MINVALUE -500 MAXVALUE -1 START WITH -10 CYCLE;
CREATE SEQUENCE sales.number_seq START 100000 CACHE 50;
COMMENT ON SEQUENCE plain_seq IS 'A plain one';

-- tables
CREATE TABLE sales.customer (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name short_text,
    nick shorter_text,
    home address,
    how contact,
    label tags,
    sorted text COLLATE german,
    folded text COLLATE any_case UNIQUE,
    open time_range,
    created timestamptz NOT NULL DEFAULT now(),
    changed timestamptz
);
COMMENT ON TABLE sales.customer IS 'Who buys';
COMMENT ON COLUMN sales.customer.name IS 'The name';

CREATE TABLE sales.purchase (
    id bigint PRIMARY KEY DEFAULT nextval('sales.number_seq'),
    customer_id integer NOT NULL REFERENCES sales.customer ON DELETE CASCADE,
    state sales.state NOT NULL DEFAULT 'new',
    amount numeric(12, 2) NOT NULL,
    owner_name name NOT NULL DEFAULT CURRENT_USER
);
CREATE INDEX ON sales.purchase (customer_id);

CREATE UNLOGGED TABLE scratch (id integer, note text) WITH (fillfactor = 50, autovacuum_enabled = false);
CREATE TABLE with_toast (doc text) WITH (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_enabled = off);
CREATE TABLE of_type OF address (PRIMARY KEY (street, city), zip WITH OPTIONS DEFAULT '00000');
CREATE TABLE like_all (LIKE sales.purchase INCLUDING ALL);
CREATE TABLE made_by_query AS SELECT 1 AS one, 'a'::text AS a, now() AS at;
CREATE TABLE identity_full (a integer);
ALTER TABLE identity_full REPLICA IDENTITY FULL;

-- partitions
CREATE TABLE event (
    id bigint NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    body jsonb DEFAULT '{}',
    CONSTRAINT event_kind CHECK (kind <> ''),
    PRIMARY KEY (id, at, kind)
) PARTITION BY RANGE (at);
CREATE TABLE event_2020 PARTITION OF event FOR VALUES FROM ('2020-01-01 00:00+00') TO ('2021-01-01 00:00+00');
CREATE TABLE event_2021 PARTITION OF event (body DEFAULT '{"y": 2021}', CONSTRAINT own_check CHECK (id > 0)) FOR VALUES FROM ('2021-01-01 00:00+00') TO ('2022-01-01 00:00+00');
CREATE TABLE event_old PARTITION OF event FOR VALUES FROM (MINVALUE) TO ('2020-01-01 00:00+00');
CREATE TABLE event_2022 PARTITION OF event FOR VALUES FROM ('2022-01-01 00:00+00') TO ('2023-01-01 00:00+00') PARTITION BY LIST (kind);
CREATE TABLE event_2022_a PARTITION OF event_2022 FOR VALUES IN ('a', 'it''s');
CREATE TABLE event_2022_rest PARTITION OF event_2022 DEFAULT;
CREATE TABLE event_default PARTITION OF event DEFAULT;
CREATE INDEX event_kind_at ON event (kind, at DESC);

CREATE TABLE hashed (id integer PRIMARY KEY, v text) PARTITION BY HASH (id);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE by_many (a integer, b text, c date) PARTITION BY RANGE (a, lower(b), c);
CREATE TABLE by_many_1 PARTITION OF by_many FOR VALUES FROM (1, 'a', MINVALUE) TO (10, MAXVALUE, MAXVALUE);
CREATE TABLE by_null (a integer, b boolean) PARTITION BY LIST (b);
CREATE TABLE by_null_no PARTITION OF by_null FOR VALUES IN (NULL, false);
CREATE TABLE attached (b boolean, a integer);
ALTER TABLE by_null ATTACH PARTITION attached FOR VALUES IN (true);
CREATE TABLE points_at_parted (id integer PRIMARY KEY, hashed_id integer REFERENCES hashed);

-- inheritance
CREATE TABLE animal (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'x', legs integer CHECK (legs >= 0), secret text, CONSTRAINT only_here CHECK (id > 0) NO INHERIT);
CREATE TABLE dog (breed text, legs integer DEFAULT 4) INHERITS (animal);
CREATE TABLE pet (owner_id integer, name text);
CREATE TABLE house_dog (bed text) INHERITS (dog, pet);

-- views
CREATE VIEW sales.open_purchase AS SELECT * FROM sales.purchase WHERE state IN ('new', 'checked');
CREATE VIEW sales.open_by_customer AS
    SELECT c.id, c.name, count(p.id) AS purchases, sum(p.amount) AS total, max(p.amount) FILTER (WHERE p.amount > 10) AS biggest
    FROM sales.customer c LEFT JOIN sales.open_purchase p ON p.customer_id = c.id
    GROUP BY c.id, c.name HAVING count(*) > 0 ORDER BY total DESC NULLS LAST;
CREATE VIEW third (who, how_much) AS SELECT name, total FROM sales.open_by_customer LIMIT 10;
CREATE VIEW checked WITH (security_barrier = true) AS SELECT id, amount FROM sales.purchase WHERE amount > 5 WITH LOCAL CHECK OPTION;
CREATE VIEW checked_more WITH (check_option = cascaded, security_invoker = true) AS SELECT id, amount FROM checked WHERE amount > 6;
CREATE RECURSIVE VIEW counted (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < 10;
CREATE VIEW windowed AS
    WITH ranked AS (SELECT id, amount, rank() OVER (PARTITION BY customer_id ORDER BY amount DESC) AS place FROM sales.purchase)
    SELECT r.*, lag(r.amount) OVER w AS before FROM ranked r WHERE place <= 3 WINDOW w AS (ORDER BY r.id);
CREATE VIEW lateral_view AS
    SELECT c.id, l.amount, (c.home).city FROM sales.customer c CROSS JOIN LATERAL (SELECT amount FROM sales.purchase p WHERE p.customer_id = c.id ORDER BY id LIMIT 1) l;
CREATE VIEW set_view AS SELECT 1 AS a UNION SELECT 2 INTERSECT SELECT 2 EXCEPT ALL SELECT 3;
CREATE VIEW with_default AS SELECT id, amount FROM sales.purchase;
ALTER VIEW with_default ALTER COLUMN amount SET DEFAULT 7;
COMMENT ON VIEW third IS 'A view on a view on a view';
COMMENT ON COLUMN third.who IS 'The name';

CREATE MATERIALIZED VIEW totals AS SELECT customer_id, sum(amount) AS total FROM sales.purchase GROUP BY customer_id;
CREATE MATERIALIZED VIEW totals_of_view WITH (fillfactor = 80) AS SELECT who, how_much FROM third WITH NO DATA;
CREATE UNIQUE INDEX totals_customer ON totals (customer_id);
CREATE VIEW on_totals AS SELECT avg(total) AS mean FROM totals;
COMMENT ON MATERIALIZED VIEW totals IS 'Sums';

-- routines
CREATE FUNCTION add(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT a + b';
CREATE FUNCTION add(a numeric, b numeric) RETURNS numeric LANGUAGE sql IMMUTABLE COST 5 RETURN a + b;
CREATE FUNCTION add(text) RETURNS text LANGUAGE sql STABLE LEAKPROOF AS $$ SELECT $1 || 'x' $$;
CREATE FUNCTION out_args(i integer, OUT a integer, OUT b text, INOUT c date DEFAULT NULL) LANGUAGE plpgsql AS $$ BEGIN a := i; b := i::text; END $$;
CREATE FUNCTION rows_of(lim integer) RETURNS SETOF sales.purchase LANGUAGE sql STABLE ROWS 50 SECURITY DEFINER SET search_path = sales, pg_temp AS $$ SELECT * FROM sales.purchase LIMIT lim $$;
CREATE FUNCTION table_of(VARIADIC ids bigint[]) RETURNS TABLE (id bigint, amount numeric) LANGUAGE sql AS $$ SELECT id, amount FROM sales.purchase p WHERE p.id = ANY (ids) $$;
CREATE FUNCTION anything(x anyelement) RETURNS anyarray LANGUAGE sql CALLED ON NULL INPUT AS $$ SELECT ARRAY[x] $$;
CREATE FUNCTION nothing() RETURNS void LANGUAGE plpgsql SET work_mem = '8MB' AS $$
BEGIN
    NULL;  -- a comment

END;
$$;
CREATE FUNCTION body_of_sql(k integer) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM sales.purchase WHERE customer_id = k; END;
CREATE PROCEDURE pay(p bigint, INOUT done boolean DEFAULT false) LANGUAGE plpgsql AS $$ BEGIN UPDATE sales.purchase SET state = 'paid' WHERE id = p; done := FOUND; END $$;
CREATE PROCEDURE audit.clean(days integer) LANGUAGE sql AS $$ DELETE FROM scratch WHERE id < days $$;
CREATE AGGREGATE product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1');
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq, COMMUTATOR = ===);
CREATE CAST (address AS text) WITH INOUT;
COMMENT ON FUNCTION add(integer, integer) IS 'Adds';
COMMENT ON PROCEDURE pay(bigint, boolean) IS 'Pays';

-- triggers
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.changed := now(); RETURN NEW; END $$;
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON sales.customer FOR EACH ROW EXECUTE FUNCTION touch();
CREATE TRIGGER touch_name BEFORE INSERT OR UPDATE OF name, nick ON sales.customer FOR EACH ROW WHEN (NEW.name IS NOT NULL) EXECUTE FUNCTION touch();
CREATE TRIGGER changed_only AFTER UPDATE ON sales.purchase FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION note('a', 'b''c', '1');
CREATE TRIGGER per_statement AFTER INSERT OR DELETE ON sales.purchase FOR EACH STATEMENT EXECUTE FUNCTION note();
CREATE TRIGGER emptied BEFORE TRUNCATE ON sales.purchase EXECUTE FUNCTION note();
CREATE TRIGGER with_tables AFTER UPDATE ON sales.purchase REFERENCING OLD TABLE AS before_rows NEW TABLE AS after_rows FOR EACH STATEMENT EXECUTE FUNCTION note();
CREATE CONSTRAINT TRIGGER later AFTER INSERT OR UPDATE ON sales.purchase DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note();
CREATE CONSTRAINT TRIGGER later_from AFTER DELETE ON sales.purchase FROM sales.customer NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER instead INSTEAD OF INSERT OR UPDATE OR DELETE ON third FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER on_parted AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION note();
ALTER TABLE sales.purchase DISABLE TRIGGER emptied;
ALTER TABLE sales.purchase ENABLE ALWAYS TRIGGER per_statement;
ALTER TABLE sales.purchase ENABLE REPLICA TRIGGER with_tables;
COMMENT ON TRIGGER touch ON sales.customer IS 'Touches';

CREATE FUNCTION on_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$;

-- policies
ALTER TABLE sales.purchase ENABLE ROW LEVEL SECURITY;
ALTER TABLE sales.purchase FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON sales.purchase USING (owner_name = CURRENT_USER);
CREATE POLICY own_select ON sales.purchase AS RESTRICTIVE FOR SELECT TO PUBLIC USING (amount < 1000);
CREATE POLICY own_insert ON sales.purchase FOR INSERT WITH CHECK (state = 'new' AND amount IN (1, 2, 3));
CREATE POLICY own_update ON sales.purchase FOR UPDATE USING (state <> 'lost') WITH CHECK (EXISTS (SELECT 1 FROM sales.customer c WHERE c.id = customer_id));
CREATE POLICY own_delete ON sales.purchase FOR DELETE TO CURRENT_USER USING (false);
ALTER TABLE scratch ENABLE ROW LEVEL SECURITY;
COMMENT ON POLICY own ON sales.purchase IS 'Own rows only';

-- rules
CREATE RULE no_delete AS ON DELETE TO scratch DO INSTEAD NOTHING;
CREATE RULE copy_insert AS ON INSERT TO with_default WHERE NEW.amount > 100 DO ALSO INSERT INTO scratch (id) VALUES (1);

-- text search
CREATE TEXT SEARCH CONFIGURATION plain_english (COPY = english);
CREATE TEXT SEARCH DICTIONARY own_simple (TEMPLATE = simple, accept = false);
