-- Every kind of index.

CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gin;
CREATE EXTENSION btree_gist;
CREATE EXTENSION hstore;

CREATE TABLE item (
    id bigint PRIMARY KEY,
    code varchar(20) NOT NULL,
    name text NOT NULL,
    name_c text COLLATE "C",
    price numeric(10, 2),
    stock integer DEFAULT 0,
    status varchar(10),
    tags text[],
    numbers integer[],
    doc jsonb,
    words tsvector,
    attributes hstore,
    place point,
    area box,
    during tstzrange,
    address inet,
    created timestamptz DEFAULT now(),
    deleted timestamptz,
    active boolean DEFAULT true,
    "Odd Column" text,
    "select" integer
);

-- btree: order, nulls, several columns
CREATE INDEX item_name ON item (name);
CREATE INDEX item_price_desc ON item (price DESC);
CREATE INDEX item_price_nulls_first ON item (price NULLS FIRST);
CREATE INDEX item_price_desc_last ON item (price DESC NULLS LAST);
CREATE INDEX item_price_asc_last ON item USING btree (price ASC NULLS LAST);
CREATE INDEX item_many ON item (status, price DESC, created DESC NULLS LAST, id);
CREATE INDEX item_same_twice ON item (code, code);
CREATE INDEX ON item (stock);
CREATE INDEX ON item (stock);

-- unique
CREATE UNIQUE INDEX item_code ON item (code);
CREATE UNIQUE INDEX item_code_status ON item (code, status) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX item_lower_name ON item (lower(name));
CREATE UNIQUE INDEX item_one_alive ON item (code) WHERE deleted IS NULL;

-- operator classes and collations
CREATE INDEX item_name_pattern ON item (name text_pattern_ops);
CREATE INDEX item_code_pattern ON item (code varchar_pattern_ops DESC);
CREATE INDEX item_name_collated ON item (name COLLATE "C");
CREATE INDEX item_name_collated_pattern ON item (name COLLATE "POSIX" text_pattern_ops DESC NULLS LAST);
CREATE INDEX item_name_c_default ON item (name_c);
CREATE INDEX item_name_c_again ON item (name_c COLLATE "C");

-- expressions
CREATE INDEX item_expr_brackets ON item ((price * stock));
CREATE INDEX item_expr_mixed ON item (lower(name), (price / 2) DESC, id);
CREATE INDEX item_expr_cast ON item (((doc ->> 'age')::integer));
CREATE INDEX item_expr_json ON item ((doc -> 'a' ->> 'b'));
CREATE INDEX item_expr_path ON item ((doc #>> '{a,b,0}'));
CREATE INDEX item_expr_coalesce ON item (COALESCE(status, 'none'));
CREATE INDEX item_expr_case ON item ((CASE WHEN stock > 0 THEN 'in' ELSE 'out' END));
CREATE INDEX item_expr_date ON item (((created AT TIME ZONE 'UTC')::date));
CREATE INDEX item_expr_substr ON item (substring(name FROM 1 FOR 3));
CREATE INDEX item_expr_bool ON item ((deleted IS NULL));
CREATE INDEX item_expr_concat ON item ((code || ':' || name));
CREATE INDEX item_expr_constant ON item ((1)) WHERE active;
CREATE INDEX item_expr_collated ON item (lower(name) COLLATE "C" text_pattern_ops);

-- partial
CREATE INDEX item_part_flag ON item (id) WHERE active;
CREATE INDEX item_part_not ON item (id) WHERE NOT active;
CREATE INDEX item_part_in ON item (created) WHERE status IN ('new', 'open', 'it''s');
CREATE INDEX item_part_not_in ON item (created) WHERE status NOT IN ('x', 'y');
CREATE INDEX item_part_between ON item (created) WHERE price BETWEEN 1 AND 9.99;
CREATE INDEX item_part_like ON item (created) WHERE name LIKE 'A%' AND code !~ '^[0-9]+$';
CREATE INDEX item_part_and_or ON item (created) WHERE (stock > 0 OR price IS NULL) AND deleted IS NOT NULL;
CREATE INDEX item_part_fixed_time ON item (created) WHERE created > TIMESTAMPTZ '2020-01-01 00:00:00+00';
CREATE INDEX item_part_any ON item (created) WHERE stock = ANY ('{1,2,3}'::integer[]);
CREATE INDEX item_part_odd ON item ("select") WHERE "Odd Column" = 'a "quoted" word';

-- included columns
CREATE INDEX item_include ON item (code) INCLUDE (name, price);
CREATE UNIQUE INDEX item_include_unique ON item (code, created) INCLUDE ("Odd Column") WHERE deleted IS NULL;

-- other access methods
CREATE INDEX item_hash ON item USING hash (code);
CREATE INDEX item_hash_expr ON item USING hash (lower(name)) WHERE active;
CREATE INDEX item_gin_tags ON item USING gin (tags);
CREATE INDEX item_gin_numbers ON item USING gin (numbers array_ops);
CREATE INDEX item_gin_doc ON item USING gin (doc);
CREATE INDEX item_gin_doc_path ON item USING gin (doc jsonb_path_ops);
CREATE INDEX item_gin_part ON item USING gin ((doc -> 'tags'));
CREATE INDEX item_gin_words ON item USING gin (words) WITH (fastupdate = off, gin_pending_list_limit = 128);
CREATE INDEX item_gin_words_expr ON item USING gin (to_tsvector('english', name || ' ' || code));
CREATE INDEX item_gin_trgm ON item USING gin (name gin_trgm_ops, code gin_trgm_ops);
CREATE INDEX item_gin_mixed ON item USING gin (status, tags);
CREATE INDEX item_gin_hstore ON item USING gin (attributes);
CREATE INDEX item_gist_trgm ON item USING gist (name gist_trgm_ops (siglen = 32));
CREATE INDEX item_gist_place ON item USING gist (place);
CREATE INDEX item_gist_area ON item USING gist (area) WITH (fillfactor = 80, buffering = on);
CREATE INDEX item_gist_during ON item USING gist (during, id);
CREATE INDEX item_gist_include ON item USING gist (during) INCLUDE (id);
CREATE INDEX item_gist_inet ON item USING gist (address inet_ops);
CREATE INDEX item_spgist_place ON item USING spgist (place);
CREATE INDEX item_spgist_kd ON item USING spgist (place kd_point_ops);
CREATE INDEX item_spgist_text ON item USING spgist (name text_ops);
CREATE INDEX item_spgist_range ON item USING spgist (during);
CREATE INDEX item_brin ON item USING brin (created);
CREATE INDEX item_brin_options ON item USING brin (created, id) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX item_brin_minmax ON item USING brin (price numeric_minmax_multi_ops (values_per_range = 16));
CREATE INDEX item_brin_bloom ON item USING brin (code text_bloom_ops (false_positive_rate = 0.05, n_distinct_per_range = 100));
CREATE INDEX item_brin_range ON item USING brin (during range_inclusion_ops);

-- storage
CREATE INDEX item_fill ON item (id, code) WITH (fillfactor = 70, deduplicate_items = off);
CREATE INDEX "Item Odd ""Index"" name" ON item ("Odd Column", "select" DESC);
CREATE INDEX item_statistics ON item ((stock + 1), (stock - 1));
ALTER INDEX item_statistics ALTER COLUMN 2 SET STATISTICS 300;

-- constraints upon indexes
CREATE UNIQUE INDEX item_to_be_constraint ON item (name, created);
ALTER TABLE item ADD CONSTRAINT item_name_created UNIQUE USING INDEX item_to_be_constraint;
ALTER TABLE item CLUSTER ON item_name;
CREATE UNIQUE INDEX item_identity ON item (code, stock) WHERE false;

CREATE TABLE replicated (
    a integer NOT NULL,
    b text
);
CREATE UNIQUE INDEX replicated_a ON replicated (a);
ALTER TABLE replicated REPLICA IDENTITY USING INDEX replicated_a;

-- upon a materialized view and upon partitions
CREATE MATERIALIZED VIEW item_totals AS
    SELECT status, count(*) AS items, sum(price) AS total FROM item GROUP BY status;
CREATE UNIQUE INDEX item_totals_status ON item_totals (status);
CREATE INDEX item_totals_total ON item_totals (total DESC NULLS LAST) WHERE items > 1;

CREATE TABLE parted (
    id integer NOT NULL,
    day date NOT NULL,
    v text
) PARTITION BY RANGE (day);
CREATE TABLE parted_2020 PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE parted_2021 PARTITION OF parted FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE INDEX parted_v ON parted (v);
CREATE UNIQUE INDEX parted_day_id ON parted (day, id);
CREATE INDEX parted_lower ON parted (lower(v)) WHERE v IS NOT NULL;
CREATE INDEX parted_2020_alone ON parted_2020 (id);
CREATE INDEX parted_only ON ONLY parted (id, v);

CREATE STATISTICS item_stats (ndistinct, dependencies) ON status, stock FROM item;
CREATE STATISTICS item_stats_expr ON (lower(name)) FROM item;

COMMENT ON INDEX item_name IS 'An index with a comment';
