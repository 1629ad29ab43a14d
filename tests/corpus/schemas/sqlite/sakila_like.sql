-- A shop that rents films, in our own words: the shape of an ordinary application's schema.

CREATE TABLE language (
    language_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name char(20) NOT NULL UNIQUE,
    updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE genre (
    genre_id smallint NOT NULL,
    name varchar(25) NOT NULL,
    PRIMARY KEY (genre_id)
);

CREATE TABLE performer (
    performer_id INTEGER PRIMARY KEY,
    given_name varchar(45) NOT NULL,
    family_name varchar(45) NOT NULL,
    updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX performer_family_name ON performer (family_name COLLATE NOCASE, given_name);

CREATE TABLE country (
    country_id INTEGER PRIMARY KEY,
    name varchar(50) NOT NULL,
    code char(2) NOT NULL UNIQUE CHECK (code GLOB '[A-Z][A-Z]')
);

CREATE TABLE town (
    town_id INTEGER PRIMARY KEY,
    name varchar(50) NOT NULL,
    country_id int NOT NULL REFERENCES country (country_id) ON DELETE NO ACTION ON UPDATE CASCADE
);
CREATE INDEX town_country ON town (country_id);

CREATE TABLE address (
    address_id INTEGER PRIMARY KEY,
    line1 varchar(50) NOT NULL,
    line2 varchar(50) DEFAULT NULL,
    district varchar(20) NOT NULL DEFAULT '',
    town_id int NOT NULL,
    postcode varchar(10),
    phone varchar(20) NOT NULL,
    CONSTRAINT address_town FOREIGN KEY (town_id) REFERENCES town (town_id) ON DELETE NO ACTION ON UPDATE CASCADE
);
CREATE INDEX address_town ON address (town_id);

CREATE TABLE film (
    film_id INTEGER PRIMARY KEY AUTOINCREMENT,
    title varchar(255) NOT NULL,
    summary blob sub_type text DEFAULT NULL,
    made_in varchar(4) DEFAULT NULL,
    language_id smallint NOT NULL,
    original_language_id smallint DEFAULT NULL,
    rental_days smallint NOT NULL DEFAULT 3,
    rental_price decimal(4, 2) NOT NULL DEFAULT 4.99,
    minutes smallint DEFAULT NULL,
    replacement_price decimal(5, 2) NOT NULL DEFAULT 19.99,
    rating varchar(10) DEFAULT 'all',
    extras varchar(100) DEFAULT NULL,
    hours AS (minutes / 60.0),
    updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT film_minutes_positive CHECK (minutes > 0),
    CONSTRAINT film_extras_known CHECK (extras IS NULL OR extras LIKE '%trailer%' OR extras LIKE '%comments%' OR extras LIKE '%cut scenes%'),
    CONSTRAINT film_rating_known CHECK (rating IN ('all', 'six', 'twelve', 'sixteen', 'adult')),
    CONSTRAINT film_language FOREIGN KEY (language_id) REFERENCES language (language_id),
    CONSTRAINT film_original_language FOREIGN KEY (original_language_id) REFERENCES language (language_id)
);
CREATE INDEX film_language ON film (language_id);
CREATE INDEX film_original_language ON film (original_language_id) WHERE original_language_id IS NOT NULL;

CREATE TABLE film_performer (
    performer_id int NOT NULL REFERENCES performer ON UPDATE CASCADE,
    film_id int NOT NULL REFERENCES film ON UPDATE CASCADE,
    PRIMARY KEY (performer_id, film_id)
) WITHOUT ROWID;
CREATE INDEX film_performer_film ON film_performer (film_id);

CREATE TABLE film_genre (
    film_id int NOT NULL REFERENCES film ON DELETE CASCADE,
    genre_id smallint NOT NULL REFERENCES genre,
    PRIMARY KEY (film_id, genre_id)
);

-- a shop has a manager, who works in a shop
CREATE TABLE shop (
    shop_id INTEGER PRIMARY KEY,
    manager_id smallint NOT NULL UNIQUE REFERENCES staff (staff_id) DEFERRABLE INITIALLY DEFERRED,
    address_id int NOT NULL REFERENCES address (address_id)
);

CREATE TABLE staff (
    staff_id INTEGER PRIMARY KEY,
    given_name varchar(45) NOT NULL,
    family_name varchar(45) NOT NULL,
    address_id int NOT NULL REFERENCES address (address_id),
    picture blob DEFAULT NULL,
    email varchar(50) DEFAULT NULL,
    shop_id int NOT NULL REFERENCES shop (shop_id),
    active boolean NOT NULL DEFAULT TRUE,
    login varchar(16) NOT NULL,
    password varchar(40) DEFAULT NULL
);
CREATE UNIQUE INDEX staff_login ON staff (lower(login));

CREATE TABLE customer (
    customer_id INTEGER PRIMARY KEY,
    shop_id int NOT NULL REFERENCES shop (shop_id) ON UPDATE CASCADE,
    given_name varchar(45) NOT NULL,
    family_name varchar(45) NOT NULL,
    email varchar(50) DEFAULT NULL,
    address_id int NOT NULL REFERENCES address (address_id) ON UPDATE CASCADE,
    active char(1) NOT NULL DEFAULT 'Y' CHECK (active IN ('Y', 'N')),
    joined_at timestamp NOT NULL,
    updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX customer_family_name ON customer (family_name) WHERE active = 'Y';

CREATE TABLE stock (
    stock_id INTEGER PRIMARY KEY,
    film_id int NOT NULL REFERENCES film (film_id) ON UPDATE CASCADE,
    shop_id int NOT NULL REFERENCES shop (shop_id) ON UPDATE CASCADE
);
CREATE INDEX stock_shop_film ON stock (shop_id, film_id);

CREATE TABLE rental (
    rental_id INTEGER PRIMARY KEY,
    rented_at timestamp NOT NULL,
    stock_id int NOT NULL REFERENCES stock,
    customer_id int NOT NULL REFERENCES customer,
    returned_at timestamp DEFAULT NULL,
    staff_id smallint NOT NULL REFERENCES staff,
    CHECK (returned_at IS NULL OR returned_at >= rented_at)
);
CREATE UNIQUE INDEX rental_once ON rental (rented_at, stock_id, customer_id);

CREATE TABLE payment (
    payment_id INTEGER PRIMARY KEY,
    customer_id int NOT NULL REFERENCES customer,
    rental_id int DEFAULT NULL REFERENCES rental ON DELETE SET NULL ON UPDATE CASCADE,
    amount decimal(5, 2) NOT NULL,
    paid_at timestamp NOT NULL
);
CREATE INDEX payment_customer ON payment (customer_id, paid_at DESC);

CREATE VIEW customer_list AS
    SELECT c.customer_id AS id, c.given_name || ' ' || c.family_name AS name, a.line1 AS address, a.postcode AS "zip code",
        t.name AS town, k.name AS country, CASE WHEN c.active = 'Y' THEN 'active' ELSE '' END AS notes
    FROM customer AS c
        JOIN address AS a ON c.address_id = a.address_id
        JOIN town AS t ON a.town_id = t.town_id
        JOIN country AS k ON t.country_id = k.country_id;
CREATE VIEW film_list AS
    SELECT f.film_id, f.title, f.rating, group_concat(p.given_name || ' ' || p.family_name, ', ') AS performers
    FROM film f LEFT JOIN film_performer fp ON fp.film_id = f.film_id LEFT JOIN performer p ON p.performer_id = fp.performer_id
    GROUP BY f.film_id, f.title, f.rating;
CREATE VIEW adult_film_list AS SELECT film_id, title FROM film_list WHERE rating = 'adult';

CREATE TRIGGER film_updated AFTER UPDATE ON film BEGIN
    UPDATE film SET updated_at = datetime('now') WHERE rowid = NEW.rowid;
END;
CREATE TRIGGER performer_updated AFTER UPDATE OF given_name, family_name ON performer FOR EACH ROW BEGIN
    UPDATE performer SET updated_at = datetime('now') WHERE rowid = NEW.rowid;
END;
