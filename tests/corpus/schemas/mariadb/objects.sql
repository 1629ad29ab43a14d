-- Everything beside plain tables: sequences, views, routines, triggers, partitions and system versioned tables.

CREATE SEQUENCE plain_seq;
CREATE SEQUENCE options_seq START WITH 100 INCREMENT BY 5 MINVALUE 10 MAXVALUE 99999 CACHE 20 CYCLE;
CREATE SEQUENCE down_seq START WITH -10 INCREMENT BY -2 MINVALUE -500 MAXVALUE -1 NOCACHE NOCYCLE COMMENT 'it''s downward';
CREATE SEQUENCE server_seq INCREMENT BY 0;

CREATE TABLE customer (
    id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name varchar(50) NOT NULL,
    town varchar(50),
    created timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    changed datetime ON UPDATE CURRENT_TIMESTAMP
) COMMENT = 'Who buys';

CREATE TABLE purchase (
    id bigint NOT NULL DEFAULT NEXT VALUE FOR options_seq PRIMARY KEY,
    customer_id int unsigned NOT NULL,
    state enum('new', 'paid', 'sent') NOT NULL DEFAULT 'new',
    amount decimal(12, 2) NOT NULL,
    CONSTRAINT purchase_customer FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE CASCADE
);
CREATE TABLE journal (id int AUTO_INCREMENT PRIMARY KEY, what varchar(20), about varchar(200), at datetime DEFAULT NOW());

-- partitions
CREATE TABLE part_range (id int NOT NULL, y int NOT NULL, v varchar(10), PRIMARY KEY (id, y))
    PARTITION BY RANGE (y) (
        PARTITION p0 VALUES LESS THAN (2000),
        PARTITION p1 VALUES LESS THAN (2010) COMMENT = 'the noughties',
        PARTITION p2 VALUES LESS THAN MAXVALUE
    );
CREATE TABLE part_range_expr (id int, at date) PARTITION BY RANGE (YEAR(at)) (PARTITION old VALUES LESS THAN (2020), PARTITION new VALUES LESS THAN (2030));
CREATE TABLE part_range_stamp (id int, at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP) PARTITION BY RANGE (UNIX_TIMESTAMP(at)) (PARTITION a VALUES LESS THAN (1000000000), PARTITION b VALUES LESS THAN MAXVALUE);
CREATE TABLE part_range_columns (a int, b varchar(10), c date) PARTITION BY RANGE COLUMNS (b, c) (PARTITION p0 VALUES LESS THAN ('m', '2020-01-01'), PARTITION p1 VALUES LESS THAN (MAXVALUE, MAXVALUE));
CREATE TABLE part_list (id int, kind int) PARTITION BY LIST (kind) (PARTITION odd VALUES IN (1, 3, 5), PARTITION even VALUES IN (2, 4, NULL));
CREATE TABLE part_list_columns (id int, code varchar(5)) PARTITION BY LIST COLUMNS (code) (PARTITION a VALUES IN ('a', 'it''s'), PARTITION rest DEFAULT);
CREATE TABLE part_hash (id int PRIMARY KEY, v int) PARTITION BY HASH (id) PARTITIONS 4;
CREATE TABLE part_linear_hash (id int PRIMARY KEY, v int) PARTITION BY LINEAR HASH (id DIV 10) PARTITIONS 3;
CREATE TABLE part_key (id int PRIMARY KEY, v int) PARTITION BY KEY () PARTITIONS 2;
CREATE TABLE part_key_column (id int, v varchar(10)) PARTITION BY LINEAR KEY (v) PARTITIONS 2;
CREATE TABLE part_sub (id int, at date) PARTITION BY RANGE (YEAR(at)) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 (PARTITION p0 VALUES LESS THAN (2020), PARTITION p1 VALUES LESS THAN MAXVALUE);

-- system versioned and with periods
CREATE TABLE versioned (id int PRIMARY KEY, v varchar(10)) WITH SYSTEM VERSIONING;
CREATE TABLE versioned_columns (
    id int PRIMARY KEY,
    v varchar(10),
    uncounted int WITHOUT SYSTEM VERSIONING,
    row_start timestamp(6) GENERATED ALWAYS AS ROW START INVISIBLE,
    row_end timestamp(6) GENERATED ALWAYS AS ROW END INVISIBLE,
    PERIOD FOR SYSTEM_TIME (row_start, row_end)
) WITH SYSTEM VERSIONING;
CREATE TABLE versioned_some (a int, b int WITH SYSTEM VERSIONING);
CREATE TABLE versioned_parts (id int, v int) WITH SYSTEM VERSIONING PARTITION BY SYSTEM_TIME (PARTITION history HISTORY, PARTITION now CURRENT);
CREATE TABLE with_period (id int, from_day date, to_day date, PERIOD FOR valid_time (from_day, to_day));
CREATE TABLE with_period_key (room int, from_day date NOT NULL, to_day date NOT NULL, PERIOD FOR booked (from_day, to_day), UNIQUE (room, booked WITHOUT OVERLAPS));

-- views
CREATE VIEW open_purchase AS SELECT * FROM purchase WHERE state IN ('new', 'it''s');
CREATE VIEW open_by_customer AS
    SELECT c.id, c.name, COUNT(p.id) AS purchases, SUM(p.amount) AS total, GROUP_CONCAT(DISTINCT p.state ORDER BY p.state SEPARATOR '; ') AS states
    FROM customer c LEFT JOIN open_purchase p ON p.customer_id = c.id
    GROUP BY c.id, c.name HAVING COUNT(*) > 0 ORDER BY total DESC;
CREATE VIEW third (who, how_much) AS SELECT name, total FROM open_by_customer LIMIT 10;
CREATE ALGORITHM = MERGE VIEW merged AS SELECT id, amount FROM purchase;
CREATE ALGORITHM = TEMPTABLE VIEW temptabled AS SELECT id, amount FROM purchase;
CREATE SQL SECURITY INVOKER VIEW as_invoker AS SELECT id FROM customer;
CREATE VIEW checked AS SELECT id, amount FROM purchase WHERE amount > 5 WITH LOCAL CHECK OPTION;
CREATE VIEW checked_more AS SELECT id, amount FROM checked WHERE amount > 6 WITH CASCADED CHECK OPTION;
CREATE VIEW unioned AS SELECT 1 AS a UNION SELECT 2 UNION ALL SELECT 3;
CREATE VIEW with_cte AS WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n;
CREATE VIEW windowed AS SELECT id, RANK() OVER (PARTITION BY customer_id ORDER BY amount DESC) AS place FROM purchase;
CREATE VIEW functions_of_many AS SELECT IF(id > 1, 'a', 'b') AS f, DATE_FORMAT(NOW(), '%Y-%m') AS d, CAST(id AS char(10)) AS c, CASE WHEN name LIKE 'A%' THEN 1 ELSE 0 END AS k FROM customer;
CREATE VIEW exists_view AS SELECT c.* FROM customer c WHERE EXISTS (SELECT 1 FROM purchase p WHERE p.customer_id = c.id) AND c.id NOT IN (SELECT customer_id FROM purchase);

-- routines
CREATE FUNCTION one() RETURNS int RETURN 1;
CREATE FUNCTION doubled(x decimal(10, 2)) RETURNS decimal(12, 2) DETERMINISTIC NO SQL COMMENT 'Doubles' RETURN x * 2;
CREATE PROCEDURE short_one() SELECT 1;

DELIMITER $$
CREATE FUNCTION total_of(customer int unsigned) RETURNS decimal(12, 2)
    NOT DETERMINISTIC READS SQL DATA SQL SECURITY INVOKER
BEGIN
    DECLARE total decimal(12, 2) DEFAULT 0;
    -- a comment; with a semicolon
    SELECT COALESCE(SUM(amount), 0) INTO total FROM purchase WHERE customer_id = customer;
    RETURN total;
END$$

CREATE FUNCTION text_of(a varchar(30) CHARACTER SET latin1, e enum('x', 'y'), u bigint unsigned) RETURNS longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    CONTAINS SQL
    RETURN CONCAT(a, e, u)$$

CREATE PROCEDURE pay(IN wanted bigint, OUT done boolean, INOUT counter int)
    MODIFIES SQL DATA
    COMMENT 'Pays; it''s simple'
BEGIN
    DECLARE finished boolean DEFAULT FALSE;
    DECLARE one_id bigint;
    DECLARE all_ids CURSOR FOR SELECT id FROM purchase WHERE id = wanted;
    DECLARE CONTINUE HANDLER FOR NOT FOUND SET finished = TRUE;
    OPEN all_ids;
    each_one: LOOP
        FETCH all_ids INTO one_id;
        IF finished THEN
            LEAVE each_one;
        END IF;
        UPDATE purchase SET state = 'paid' WHERE id = one_id;
        SET counter = counter + 1;
    END LOOP;
    CLOSE all_ids;
    SET done = counter > 0;
END$$

CREATE AGGREGATE FUNCTION product_of(x double) RETURNS double
BEGIN
    DECLARE p double DEFAULT 1;
    DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN p;
    LOOP
        FETCH GROUP NEXT ROW;
        SET p = p * x;
    END LOOP;
END$$

-- triggers
CREATE TRIGGER customer_bi BEFORE INSERT ON customer FOR EACH ROW SET NEW.name = TRIM(NEW.name)$$
CREATE TRIGGER customer_bi_two BEFORE INSERT ON customer FOR EACH ROW FOLLOWS customer_bi SET NEW.town = UPPER(NEW.town)$$
CREATE TRIGGER customer_bi_zero BEFORE INSERT ON customer FOR EACH ROW PRECEDES customer_bi SET NEW.town = TRIM(NEW.town)$$
CREATE TRIGGER customer_ai AFTER INSERT ON customer FOR EACH ROW INSERT INTO journal (what, about) VALUES ('new', NEW.name)$$
CREATE TRIGGER customer_bu BEFORE UPDATE ON customer FOR EACH ROW
BEGIN
    IF NEW.name = '' THEN
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'it''s empty; no';
    END IF;
END$$
CREATE TRIGGER customer_au AFTER UPDATE ON customer FOR EACH ROW
BEGIN
    IF NOT (OLD.name <=> NEW.name) THEN
        INSERT INTO journal (what, about) VALUES ('renamed', CONCAT(OLD.name, ' -> ', NEW.name));
    END IF;
END$$
CREATE TRIGGER customer_bd BEFORE DELETE ON customer FOR EACH ROW DELETE FROM purchase WHERE customer_id = OLD.id$$
CREATE TRIGGER customer_ad AFTER DELETE ON customer FOR EACH ROW INSERT INTO journal (what, about) VALUES ('gone', OLD.name)$$
DELIMITER ;
