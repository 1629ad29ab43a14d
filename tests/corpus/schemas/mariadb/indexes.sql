-- Every kind of index.

CREATE TABLE item (
    id bigint unsigned NOT NULL AUTO_INCREMENT,
    code varchar(20) NOT NULL,
    name varchar(200) NOT NULL,
    price decimal(10, 2),
    stock int DEFAULT 0,
    status enum('new', 'open', 'closed'),
    body text,
    more mediumtext,
    data blob,
    vb varbinary(100),
    place point NOT NULL,
    area polygon NOT NULL,
    created datetime DEFAULT CURRENT_TIMESTAMP,
    lower_name varchar(200) AS (LOWER(name)) VIRTUAL,
    `odd column` int,
    `select` int,
    PRIMARY KEY (id) USING BTREE,
    KEY item_name (name),
    INDEX item_code_price (code, price),
    KEY (stock),
    KEY (stock, price),
    KEY item_desc (price DESC),
    KEY item_mixed (status ASC, price DESC, created),
    KEY item_prefix (name(10)),
    KEY item_prefix_mixed (code, name(5), stock),
    KEY item_prefix_desc (name(7) DESC),
    KEY item_text (body(50)),
    KEY item_blob (data(20)),
    KEY item_vb (vb(3)),
    KEY item_full_length (code(20)),
    KEY item_virtual (lower_name),
    KEY item_btree USING BTREE (created),
    KEY item_hash (created, id) USING HASH,
    KEY item_comment (created, code) COMMENT 'it''s a "comment"',
    KEY item_ignored (created, name) IGNORED,
    KEY item_block (stock, id) KEY_BLOCK_SIZE = 4,
    UNIQUE KEY item_code (code),
    UNIQUE (name, code),
    UNIQUE INDEX item_unique_prefix (name(30), stock),
    UNIQUE KEY item_unique_text (more),
    UNIQUE KEY item_unique_null (`odd column`),
    FULLTEXT KEY item_words (body),
    FULLTEXT INDEX item_words_two (name, body),
    SPATIAL KEY item_place (place),
    SPATIAL INDEX (area),
    KEY `item odd "index" name` (`odd column`, `select`),
    KEY same_columns_twice (code, stock),
    KEY same_columns_again (code, stock)
);

CREATE INDEX made_later ON item (price, code);
CREATE UNIQUE INDEX made_later_unique ON item (code, created);
CREATE FULLTEXT INDEX made_later_words ON item (more);
ALTER TABLE item ADD INDEX made_by_alter (created, price, stock);
ALTER TABLE item ADD CONSTRAINT made_by_constraint UNIQUE (code, status);

CREATE TABLE column_words (
    id int PRIMARY KEY,
    a int UNIQUE,
    b int UNIQUE KEY,
    c int NOT NULL UNIQUE,
    d int UNIQUE COMMENT "the last"
);
