-- Every kind of index.

CREATE TABLE item (
    id INTEGER PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    nick text COLLATE NOCASE,
    price real,
    stock int DEFAULT 0,
    status text,
    doc json,
    created timestamp,
    deleted timestamp,
    "odd column" text,
    "select" int,
    UNIQUE (name, price),
    CONSTRAINT item_named UNIQUE (status, name)
);

CREATE INDEX item_name ON item (name);
CREATE INDEX item_many ON item (status, price DESC, created ASC, id);
CREATE INDEX item_desc ON item (price DESC);
CREATE INDEX item_nocase ON item (name COLLATE NOCASE);
CREATE INDEX item_nocase_desc ON item (name COLLATE NOCASE DESC, code COLLATE RTRIM);
CREATE INDEX item_nick ON item (nick);
CREATE INDEX item_nick_binary ON item (nick COLLATE BINARY);
CREATE UNIQUE INDEX item_code_status ON item (code, status);
CREATE UNIQUE INDEX item_lower ON item (lower(name));
CREATE INDEX item_expr ON item (price * stock, lower(name) DESC, (stock + 1));
CREATE INDEX item_expr_json ON item (json_extract(doc, '$.a.b'));
CREATE INDEX item_expr_arrow ON item (doc ->> '$.name');
CREATE INDEX item_expr_case ON item (CASE WHEN stock > 0 THEN 'in' ELSE 'it''s out' END);
CREATE INDEX item_expr_cast ON item (CAST(code AS INTEGER));
CREATE INDEX item_expr_concat ON item (code || ':' || name COLLATE NOCASE);
CREATE INDEX item_part ON item (created) WHERE deleted IS NULL;
CREATE UNIQUE INDEX item_part_unique ON item (code) WHERE status = 'open' AND stock > 0;
CREATE INDEX item_part_in ON item (created) WHERE status IN ('new', 'open', 'it''s') OR price BETWEEN 1 AND 9.5;
CREATE INDEX item_part_like ON item (created) WHERE name LIKE 'A%' AND code NOT LIKE '%x' AND code GLOB '[a-z]*';
CREATE INDEX "item odd ""name""" ON item ("odd column", "select" DESC) WHERE "odd column" IS NOT NULL;
CREATE INDEX [item bracketed] ON [item] ([odd column]);
CREATE INDEX `item ticked` ON `item` (`select`);
CREATE INDEX same_columns ON item (created, code);
CREATE INDEX same_columns_again ON item (created, code);
create   index
    item_spread -- a comment within
    on item
    (
        stock, /* another */
        price
    )
    where stock > 0;

CREATE TABLE flat (a text, b int, c int, PRIMARY KEY (a)) WITHOUT ROWID;
CREATE INDEX flat_b ON flat (b);
CREATE UNIQUE INDEX flat_c ON flat (c, b DESC);
