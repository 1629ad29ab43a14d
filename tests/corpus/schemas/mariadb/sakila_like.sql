-- A shop that rents films, in our own words: the shape of an ordinary application's schema.

CREATE TABLE language (
    language_id tinyint unsigned NOT NULL AUTO_INCREMENT,
    name char(20) NOT NULL,
    updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (language_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

CREATE TABLE performer (
    performer_id smallint unsigned NOT NULL AUTO_INCREMENT,
    given_name varchar(45) NOT NULL,
    family_name varchar(45) NOT NULL,
    updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (performer_id),
    KEY performer_family_name (family_name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4;

CREATE TABLE genre (
    genre_id tinyint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name varchar(25) NOT NULL
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE country (
    country_id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name varchar(50) NOT NULL,
    code char(2) CHARACTER SET ascii NOT NULL UNIQUE CHECK (code REGEXP '^[A-Z]{2}$')
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE town (
    town_id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name varchar(50) NOT NULL,
    country_id smallint unsigned NOT NULL,
    KEY town_country (country_id),
    CONSTRAINT town_country FOREIGN KEY (country_id) REFERENCES country (country_id) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE address (
    address_id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    line1 varchar(50) NOT NULL,
    line2 varchar(50) DEFAULT NULL,
    district varchar(20) NOT NULL DEFAULT '',
    town_id smallint unsigned NOT NULL,
    postcode varchar(10) DEFAULT NULL,
    phone varchar(20) NOT NULL,
    spot geometry NOT NULL,
    KEY address_town (town_id),
    SPATIAL KEY address_spot (spot),
    CONSTRAINT address_town FOREIGN KEY (town_id) REFERENCES town (town_id) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE film (
    film_id smallint unsigned NOT NULL AUTO_INCREMENT,
    title varchar(128) NOT NULL,
    summary text DEFAULT NULL,
    made_in year DEFAULT NULL,
    language_id tinyint unsigned NOT NULL,
    original_language_id tinyint unsigned DEFAULT NULL,
    rental_days tinyint unsigned NOT NULL DEFAULT 3 COMMENT 'How long a customer may keep it',
    rental_price decimal(4, 2) NOT NULL DEFAULT 4.99,
    minutes smallint unsigned DEFAULT NULL,
    replacement_price decimal(5, 2) NOT NULL DEFAULT 19.99,
    rating enum('all', 'six', 'twelve', 'sixteen', 'adult') DEFAULT 'all',
    extras set('trailer', 'comments', 'cut scenes') DEFAULT NULL,
    hours decimal(4, 1) AS (minutes / 60) VIRTUAL,
    updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    PRIMARY KEY (film_id),
    KEY film_title (title),
    FULLTEXT KEY film_words (title, summary),
    CONSTRAINT film_language FOREIGN KEY (language_id) REFERENCES language (language_id) ON UPDATE CASCADE,
    CONSTRAINT film_original_language FOREIGN KEY (original_language_id) REFERENCES language (language_id) ON UPDATE CASCADE,
    CONSTRAINT film_minutes_positive CHECK (minutes > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COMMENT = 'What can be rented';

CREATE TABLE film_performer (
    performer_id smallint unsigned NOT NULL,
    film_id smallint unsigned NOT NULL,
    PRIMARY KEY (performer_id, film_id),
    KEY film_performer_film (film_id),
    CONSTRAINT film_performer_performer FOREIGN KEY (performer_id) REFERENCES performer (performer_id) ON UPDATE CASCADE,
    CONSTRAINT film_performer_film FOREIGN KEY (film_id) REFERENCES film (film_id) ON UPDATE CASCADE
);

CREATE TABLE film_genre (
    film_id smallint unsigned NOT NULL,
    genre_id tinyint unsigned NOT NULL,
    PRIMARY KEY (film_id, genre_id),
    FOREIGN KEY (film_id) REFERENCES film (film_id) ON DELETE CASCADE,
    FOREIGN KEY (genre_id) REFERENCES genre (genre_id)
);

-- a shop has a manager, who works in a shop
CREATE TABLE shop (
    shop_id tinyint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    manager_id tinyint unsigned NOT NULL,
    address_id smallint unsigned NOT NULL,
    UNIQUE KEY shop_manager_once (manager_id),
    CONSTRAINT shop_address FOREIGN KEY (address_id) REFERENCES address (address_id)
);

CREATE TABLE staff (
    staff_id tinyint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    given_name varchar(45) NOT NULL,
    family_name varchar(45) NOT NULL,
    address_id smallint unsigned NOT NULL,
    picture blob DEFAULT NULL,
    email varchar(50) DEFAULT NULL,
    shop_id tinyint unsigned NOT NULL,
    active boolean NOT NULL DEFAULT TRUE,
    login varchar(16) NOT NULL,
    password varchar(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL,
    UNIQUE KEY staff_login (login),
    CONSTRAINT staff_address FOREIGN KEY (address_id) REFERENCES address (address_id),
    CONSTRAINT staff_shop FOREIGN KEY (shop_id) REFERENCES shop (shop_id) ON UPDATE CASCADE
) DEFAULT CHARSET = utf8mb4;
ALTER TABLE shop ADD CONSTRAINT shop_manager FOREIGN KEY (manager_id) REFERENCES staff (staff_id) ON UPDATE CASCADE;

CREATE TABLE customer (
    customer_id smallint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    shop_id tinyint unsigned NOT NULL,
    given_name varchar(45) NOT NULL,
    family_name varchar(45) NOT NULL,
    email varchar(50) DEFAULT NULL,
    address_id smallint unsigned NOT NULL,
    active tinyint(1) NOT NULL DEFAULT 1,
    joined_at datetime NOT NULL,
    updated_at timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    KEY customer_family_name (family_name(10), given_name),
    CONSTRAINT customer_address FOREIGN KEY (address_id) REFERENCES address (address_id) ON UPDATE CASCADE,
    CONSTRAINT customer_shop FOREIGN KEY (shop_id) REFERENCES shop (shop_id) ON UPDATE CASCADE
) DEFAULT CHARSET = utf8mb4;

CREATE TABLE stock (
    stock_id mediumint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    film_id smallint unsigned NOT NULL,
    shop_id tinyint unsigned NOT NULL,
    KEY stock_shop_film (shop_id, film_id),
    CONSTRAINT stock_film FOREIGN KEY (film_id) REFERENCES film (film_id) ON UPDATE CASCADE,
    CONSTRAINT stock_shop FOREIGN KEY (shop_id) REFERENCES shop (shop_id) ON UPDATE CASCADE
);

CREATE TABLE rental (
    rental_id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
    rented_at datetime NOT NULL,
    stock_id mediumint unsigned NOT NULL,
    customer_id smallint unsigned NOT NULL,
    returned_at datetime DEFAULT NULL,
    staff_id tinyint unsigned NOT NULL,
    UNIQUE KEY rental_once (rented_at, stock_id, customer_id),
    CONSTRAINT rental_stock FOREIGN KEY (stock_id) REFERENCES stock (stock_id) ON UPDATE CASCADE,
    CONSTRAINT rental_customer FOREIGN KEY (customer_id) REFERENCES customer (customer_id) ON UPDATE CASCADE,
    CONSTRAINT rental_staff FOREIGN KEY (staff_id) REFERENCES staff (staff_id) ON UPDATE CASCADE,
    CONSTRAINT rental_returned_later CHECK (returned_at IS NULL OR returned_at >= rented_at)
);

CREATE TABLE payment (
    payment_id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    customer_id smallint unsigned NOT NULL,
    rental_id int DEFAULT NULL,
    amount decimal(5, 2) NOT NULL,
    paid_at datetime(3) NOT NULL,
    CONSTRAINT payment_customer FOREIGN KEY (customer_id) REFERENCES customer (customer_id),
    CONSTRAINT payment_rental FOREIGN KEY (rental_id) REFERENCES rental (rental_id) ON DELETE SET NULL ON UPDATE CASCADE
);

CREATE VIEW customer_list AS
    SELECT c.customer_id AS id, CONCAT(c.given_name, _utf8mb4' ', c.family_name) AS name, a.line1 AS address,
        a.postcode AS `zip code`, t.name AS town, k.name AS country, IF(c.active, _utf8mb4'active', _utf8mb4'') AS notes
    FROM customer AS c
        JOIN address AS a ON c.address_id = a.address_id
        JOIN town AS t ON a.town_id = t.town_id
        JOIN country AS k USING (country_id);
CREATE VIEW film_list AS
    SELECT f.film_id, f.title, f.rating, GROUP_CONCAT(CONCAT(p.given_name, ' ', p.family_name) SEPARATOR ', ') AS performers
    FROM film f LEFT JOIN film_performer fp ON fp.film_id = f.film_id LEFT JOIN performer p ON p.performer_id = fp.performer_id
    GROUP BY f.film_id, f.title, f.rating;
CREATE SQL SECURITY INVOKER VIEW adult_film_list AS SELECT film_id, title FROM film_list WHERE rating = 'adult';

DELIMITER //
CREATE FUNCTION is_in_stock(wanted int) RETURNS boolean READS SQL DATA
BEGIN
    DECLARE still_out int;
    SELECT COUNT(*) INTO still_out FROM rental WHERE stock_id = wanted AND returned_at IS NULL;
    RETURN still_out = 0;
END//

CREATE PROCEDURE films_in_stock(IN film int, IN shop int, OUT found int) READS SQL DATA
BEGIN
    SELECT stock_id FROM stock WHERE film_id = film AND shop_id = shop AND is_in_stock(stock_id);
    SELECT FOUND_ROWS() INTO found;
END//

CREATE TRIGGER customer_joined BEFORE INSERT ON customer FOR EACH ROW SET NEW.joined_at = NOW()//
CREATE TRIGGER rental_rented BEFORE INSERT ON rental FOR EACH ROW
BEGIN
    IF NEW.rented_at IS NULL THEN
        SET NEW.rented_at = NOW();
    END IF;
END//
DELIMITER ;
