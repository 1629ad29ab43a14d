-- Every kind of constraint, with conflict clauses, and checks of many texts.

CREATE TABLE parent (
    id INTEGER CONSTRAINT parent_key PRIMARY KEY,
    code text NOT NULL UNIQUE,
    region text NOT NULL,
    number int NOT NULL,
    extra text CONSTRAINT parent_extra UNIQUE,
    CONSTRAINT parent_region_number UNIQUE (region, number),
    UNIQUE (number, code)
);

CREATE TABLE child (
    id int,
    id2 int,
    plain int REFERENCES parent,
    with_column int REFERENCES parent (id),
    named int CONSTRAINT child_named REFERENCES parent (id),
    by_code text REFERENCES parent (code),
    on_cascade int REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE,
    on_null int REFERENCES parent ON DELETE SET NULL,
    on_default int DEFAULT 1 REFERENCES parent ON DELETE SET DEFAULT ON UPDATE SET NULL,
    on_restrict int REFERENCES parent ON UPDATE RESTRICT ON DELETE RESTRICT,
    on_nothing int REFERENCES parent ON DELETE NO ACTION,
    deferred int REFERENCES parent DEFERRABLE INITIALLY DEFERRED,
    immediate int REFERENCES parent DEFERRABLE INITIALLY IMMEDIATE,
    deferrable_one int REFERENCES parent DEFERRABLE,
    not_deferrable int REFERENCES parent NOT DEFERRABLE INITIALLY IMMEDIATE,
    matched int REFERENCES parent MATCH FULL,
    missing int REFERENCES not_there (id),
    region text,
    number int,
    self_id int,
    self_id2 int,
    PRIMARY KEY (id, id2),
    FOREIGN KEY (region, number) REFERENCES parent (region, number) ON DELETE CASCADE,
    CONSTRAINT child_self FOREIGN KEY (self_id, self_id2) REFERENCES child DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT child_self_columns FOREIGN KEY (self_id, self_id2) REFERENCES child (id, id2)
);

CREATE TABLE hen (id INTEGER PRIMARY KEY, egg_id int REFERENCES egg (id));
CREATE TABLE egg (id INTEGER PRIMARY KEY, hen_id int REFERENCES hen (id));

CREATE TABLE conflicts (
    id INTEGER PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT,
    a int NOT NULL ON CONFLICT ABORT UNIQUE ON CONFLICT IGNORE,
    b int NOT NULL ON CONFLICT FAIL DEFAULT 1,
    c int CONSTRAINT c_not_null NOT NULL ON CONFLICT ROLLBACK,
    d int CHECK (d > 0) ,
    UNIQUE (a, b) ON CONFLICT REPLACE,
    CONSTRAINT conflicts_named UNIQUE (b, c) ON CONFLICT FAIL,
    CHECK (a > b) ON CONFLICT IGNORE
);
CREATE TABLE key_conflict (a int, b int COLLATE NOCASE, CONSTRAINT key_conflict_key PRIMARY KEY (a DESC, b COLLATE BINARY) ON CONFLICT IGNORE);
CREATE TABLE no_commas (a int, b int, CHECK (a > 0) UNIQUE (a) CONSTRAINT no_commas_b CHECK (b > 0) FOREIGN KEY (b) REFERENCES parent);

CREATE TABLE checks (
    i int CHECK (i > 0),
    i_named int CONSTRAINT i_named_is_even CHECK (i_named % 2 = 0) CHECK (i_named < 100),
    j int NOT NULL DEFAULT 3 CHECK (j IN (1, 2, 3)),
    r real,
    v varchar(20),
    t text,
    b boolean CHECK (b IN (0, 1)),
    day date,
    day2 date,
    doc json CHECK (json_valid(doc)),
    bl blob,
    CONSTRAINT ck_and CHECK (i > 0 AND i < 10),
    CONSTRAINT ck_or CHECK (i > 0 OR j > 0),
    CONSTRAINT ck_nested CHECK ((i > 0 AND j > 0) OR (i < 0 AND j < 0)),
    CONSTRAINT ck_not CHECK (NOT (i = 5)),
    CONSTRAINT ck_equal_signs CHECK (i == 5 OR i <> 6 OR j != 7),
    CONSTRAINT ck_between CHECK (i BETWEEN 1 AND 100 AND j NOT BETWEEN 4 AND 5),
    CONSTRAINT ck_between_dates CHECK (day BETWEEN '2000-01-01' AND '2099-12-31'),
    CONSTRAINT ck_in_varchar CHECK (v IN ('a', 'b', 'it''s')),
    CONSTRAINT ck_in_one CHECK (v IN ('only')),
    CONSTRAINT ck_not_in CHECK (v NOT IN ('bad', 'worse')),
    CONSTRAINT ck_like CHECK (v LIKE 'A%' OR v NOT LIKE '%!_%' ESCAPE '!'),
    CONSTRAINT ck_glob CHECK (v GLOB '[A-Z]*' AND v NOT GLOB '*[^a-zA-Z0-9]*'),
    CONSTRAINT ck_case CHECK (CASE WHEN v = 'start' THEN i IS NULL WHEN v = 'end' THEN i IS NOT NULL ELSE 1 END),
    CONSTRAINT ck_case_simple CHECK (CASE v WHEN 'a' THEN 1 WHEN 'b' THEN 2 ELSE 0 END > 0),
    CONSTRAINT ck_is_null CHECK ((i IS NULL) = (j IS NULL) AND t NOTNULL AND r NOT NULL AND v ISNULL),
    CONSTRAINT ck_is CHECK (i IS j OR i IS NOT 4 OR i IS DISTINCT FROM 5),
    CONSTRAINT ck_is_true CHECK (b IS TRUE OR b IS NOT FALSE),
    CONSTRAINT ck_length CHECK (length(v) >= 3 AND length(t) < 1000),
    CONSTRAINT ck_functions CHECK (lower(trim(t)) = t AND instr(t, '@') > 1 AND substr(t, 1, 2) <> 'xx' AND replace(t, ' ', '') <> ''),
    CONSTRAINT ck_typeof CHECK (typeof(i) = 'integer' AND typeof(t) IN ('text', 'null')),
    CONSTRAINT ck_dates CHECK (date(day) IS NOT NULL AND julianday(day2) - julianday(day) > 1 AND day = date(day, '+0 days')),
    CONSTRAINT ck_numbers CHECK (r >= 0.01 AND r < 1e6 AND i > -5 AND -i < 4 AND +i > 0),
    CONSTRAINT ck_arithmetic CHECK (i + j * 2 - i / 3 > (i + j) * 2 AND i % 2 = 0),
    CONSTRAINT ck_bits CHECK ((i & 1) = 0 AND (i | j) > 0 AND (i << 2) > 0 AND (i >> 1) > 0 AND ~i < 0),
    CONSTRAINT ck_cast CHECK (CAST(v AS INTEGER) > 0 AND CAST(t AS decimal(5, 2)) > 0),
    CONSTRAINT ck_coalesce CHECK (coalesce(i, j, 0) > 0 AND nullif(v, '') IS NOT NULL AND ifnull(i, 0) >= 0 AND max(i, j) < 9 AND min(i, 3) > 1),
    CONSTRAINT ck_collate CHECK (v COLLATE NOCASE <> 'X' COLLATE BINARY),
    CONSTRAINT ck_json CHECK (json_extract(doc, '$.id') > 0 AND doc ->> 'v' = 1 AND doc -> '$.a' IS NOT NULL),
    CONSTRAINT ck_quotes CHECK (t <> 'a''b"c\d' AND t <> '),(' AND t <> '--' AND t <> '/*'),
    CONSTRAINT ck_blob CHECK (bl <> x'00FF' AND i <> 0x10),
    CONSTRAINT ck_row CHECK ((i, j) > (1, 2)),
    CONSTRAINT ck_true CHECK (1),
    CONSTRAINT "ck odd ""name""" CHECK (i > -200),
    CONSTRAINT [ck bracketed] CHECK ([i] > -300),
    CONSTRAINT `ck ticked` CHECK (`i` > -400),
    CONSTRAINT 'ck single' CHECK ("i" > -500),
    CHECK (i < j), -- with a comment behind
    CHECK /* within */ (j < 1000 /* and here */)
);
