-- Names that have to be quoted, and texts within quotes.

CREATE SEQUENCE `seq with space`;

CREATE TABLE `My Table` (
    `Id` int NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `with space` int,
    `with'quote` varchar(20) DEFAULT 'it''s' COMMENT 'it''s',
    `with"double` varchar(20) DEFAULT '"',
    `with``backtick` varchar(20) DEFAULT '`',
    `with.dot` varchar(20),
    `with,comma` varchar(20),
    `with;semicolon` varchar(20) DEFAULT ';',
    `with(bracket)` varchar(20) DEFAULT '(1)',
    `with%percent` varchar(20) DEFAULT '%s',
    `with\backslash` varchar(20) DEFAULT '\\',
    `with$dollar` varchar(20),
    `with-dash--comment` varchar(20) DEFAULT '-- not a comment',
    `with/*comment*/` varchar(20) DEFAULT '/* nor this */',
    `with#hash` varchar(20) DEFAULT '# nor that',
    `with:colon` varchar(20),
    `with[square]` varchar(20),
    `with?mark` varchar(20),
    `with@at` varchar(20),
    `UPPER` varchar(20),
    `camelCase` varchar(20),
    ` leading` varchar(20),
    `1digit` varchar(20),
    `42` varchar(20),
    `1e5` varchar(20),
    `naïve_café` varchar(20) DEFAULT 'naïve café',
    `日本語` varchar(20) DEFAULT '日本語',
    `Ελληνικά` varchar(20),
    unquoted_ñandú varchar(20),
    dollar$inside varchar(20),
    `a_column_name_that_is_exactly_sixty_characters_long_012345678` int,
    `e num` enum('it''s', '"x"', '`y`', 'a,b', 'back\\slash', ' lead') DEFAULT 'it''s',
    `gen'd` varchar(60) AS (CONCAT(`with'quote`, 'it''s', "x")) STORED,
    KEY `Index With Space` (`with space` DESC, `UPPER`),
    KEY `index.dotted` (`with.dot`),
    UNIQUE KEY `index ``quoted``` (`with``backtick`, `with"double`),
    KEY `日本語の索引` (`日本語`(5)),
    KEY (`with'quote`),
    CONSTRAINT `check with 'quotes'` CHECK (`with space` > 0 AND `UPPER` <> 'lower' AND `with'quote` <> 'it''s "x" `y`')
) CHARACTER SET utf8mb4 COMMENT 'It''s a "comment"
over two lines, with a \\ backslash and a semicolon; -- and two dashes 日本語';

CREATE TABLE `order` (
    `select` int NOT NULL PRIMARY KEY,
    `from` varchar(10),
    `where` varchar(10),
    `group` varchar(10),
    `table` varchar(10),
    `user` varchar(10) DEFAULT 'user',
    `primary` varchar(10),
    `key` varchar(10),
    `index` int,
    `default` varchar(10) DEFAULT 'default',
    `check` int CHECK (`check` > 0),
    `references` int,
    `constraint` varchar(10),
    `foreign` varchar(10),
    `limit` int,
    `end` date,
    `all` boolean,
    `column` varchar(10),
    `null` varchar(10),
    `true` boolean,
    `current_timestamp` timestamp NULL,
    `between` int,
    `values` json,
    `rows` int,
    `interval` int,
    `int` int,
    `unsigned` int unsigned,
    `comment` varchar(10) COMMENT 'comment',
    `date` date,
    `timestamp` timestamp NULL,
    `generated` int AS (`index` + 1) VIRTUAL,
    KEY `key` (`key`),
    UNIQUE KEY `unique` (`from`, `where`),
    CONSTRAINT `foreign` FOREIGN KEY (`references`) REFERENCES `My Table` (`Id`) ON DELETE SET NULL
);

CREATE TABLE `dot.ted` (`c.c` int PRIMARY KEY, `d.d` int, CONSTRAINT `fk.dotted` FOREIGN KEY (`d.d`) REFERENCES `dot.ted` (`c.c`));
CREATE TABLE `tick``ed` (`a``b` int PRIMARY KEY, `c``d` int, CONSTRAINT `fk``ticked` FOREIGN KEY (`c``d`) REFERENCES `tick``ed` (`a``b`));
CREATE TABLE `a_table_name_that_is_exactly_sixty_characters_long_0123456789` (
    id bigint AUTO_INCREMENT PRIMARY KEY,
    `a_column_name_that_is_exactly_sixty_characters_long_012345678` int UNIQUE CHECK (`a_column_name_that_is_exactly_sixty_characters_long_012345678` > 0),
    parent bigint,
    CONSTRAINT `a_constraint_name_that_is_sixty_characters_long_012345678901` FOREIGN KEY (parent) REFERENCES `a_table_name_that_is_exactly_sixty_characters_long_0123456789` (id)
);
CREATE TABLE `Übung` (`größe` decimal(5, 2), `straße` varchar(10)) CHARACTER SET utf8mb4;

-- the same name but for its case
CREATE TABLE twin (a int);
CREATE TABLE `Twin` (a int);

CREATE VIEW `My View` AS
    SELECT `Id` AS `The Id`, `with space` AS `select`, CONCAT(`with"double`, ' "x" ''y''') AS `a.b`, `日本語` FROM `My Table` AS `T t` WHERE `T t`.`UPPER` IS NOT NULL;
CREATE VIEW `View.Of``View` AS SELECT v.`The Id`, v.`select` AS `Select` FROM `My View` v;

DELIMITER //
CREATE FUNCTION `My Function`(`An Arg` int, `select` varchar(20) CHARACTER SET utf8mb4) RETURNS varchar(100) CHARACTER SET utf8mb4
    DETERMINISTIC
    COMMENT 'it''s "odd"'
BEGIN
    -- a quote ' and a "double" and a `tick`
    RETURN CONCAT(`An Arg`, `select`, 'it''s; ünï', "\"");
END//
CREATE PROCEDURE `do`(IN `in` int, OUT `out` int)
    SET `out` = `in`//
CREATE TRIGGER `My Trigger` BEFORE INSERT ON `My Table` FOR EACH ROW
BEGIN
    SET NEW.`with'quote` = 'it''s';
    SET NEW.`with.dot` = 'a;b';
END//
DELIMITER ;
