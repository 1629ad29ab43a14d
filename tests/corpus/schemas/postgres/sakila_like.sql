-- A shop that rents films, in our own words: the shape of an ordinary application's schema.

CREATE TYPE film_rating AS ENUM ('all', 'six', 'twelve', 'sixteen', 'adult');
CREATE DOMAIN release_year AS integer CHECK (VALUE BETWEEN 1888 AND 2155);

CREATE TABLE language (
    language_id serial PRIMARY KEY,
    name char(20) NOT NULL UNIQUE,
    updated_at timestamp NOT NULL DEFAULT now()
);

CREATE TABLE genre (
    genre_id smallserial PRIMARY KEY,
    name varchar(25) NOT NULL,
    updated_at timestamp NOT NULL DEFAULT now()
);

CREATE TABLE performer (
    performer_id serial PRIMARY KEY,
    given_name varchar(45) NOT NULL,
    family_name varchar(45) NOT NULL,
    updated_at timestamp NOT NULL DEFAULT now()
);
CREATE INDEX performer_family_name ON performer (family_name, given_name);

CREATE TABLE country (
    country_id serial PRIMARY KEY,
    name varchar(50) NOT NULL,
    code char(2) NOT NULL UNIQUE CHECK (code ~ '^[A-Z]{2}$')
);

CREATE TABLE town (
    town_id serial PRIMARY KEY,
    name varchar(50) NOT NULL,
    country_id integer NOT NULL REFERENCES country ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX town_country ON town (country_id);

CREATE TABLE address (
    address_id serial PRIMARY KEY,
    line1 varchar(50) NOT NULL,
    line2 varchar(50),
    district varchar(20) NOT NULL DEFAULT '',
    town_id integer NOT NULL REFERENCES town ON UPDATE CASCADE ON DELETE RESTRICT,
    postcode varchar(10),
    phone varchar(20) NOT NULL,
    updated_at timestamp NOT NULL DEFAULT now()
);
CREATE INDEX address_town ON address (town_id);

CREATE TABLE film (
    film_id serial PRIMARY KEY,
    title varchar(255) NOT NULL,
    summary text,
    made_in release_year,
    language_id integer NOT NULL REFERENCES language ON UPDATE CASCADE ON DELETE RESTRICT,
    original_language_id integer REFERENCES language ON UPDATE CASCADE ON DELETE RESTRICT,
    rental_days smallint NOT NULL DEFAULT 3,
    rental_price numeric(4, 2) NOT NULL DEFAULT 4.99,
    minutes smallint,
    replacement_price numeric(5, 2) NOT NULL DEFAULT 19.99,
    rating film_rating DEFAULT 'all',
    extras text[],
    words tsvector,
    updated_at timestamp NOT NULL DEFAULT now(),
    CONSTRAINT film_minutes_positive CHECK (minutes > 0),
    CONSTRAINT film_extras_known CHECK (extras <@ ARRAY['trailer', 'comments', 'cut scenes'])
);
CREATE INDEX film_title ON film (title);
CREATE INDEX film_words ON film USING gist (words);
CREATE INDEX film_language ON film (language_id);
CREATE INDEX film_original_language ON film (original_language_id);

CREATE TABLE film_performer (
    performer_id integer NOT NULL REFERENCES performer ON UPDATE CASCADE ON DELETE RESTRICT,
    film_id integer NOT NULL REFERENCES film ON UPDATE CASCADE ON DELETE RESTRICT,
    PRIMARY KEY (performer_id, film_id)
);
CREATE INDEX film_performer_film ON film_performer (film_id);

CREATE TABLE film_genre (
    film_id integer NOT NULL REFERENCES film ON DELETE CASCADE,
    genre_id smallint NOT NULL REFERENCES genre,
    PRIMARY KEY (film_id, genre_id)
);

-- a shop has a manager, who works in a shop
CREATE TABLE shop (
    shop_id serial PRIMARY KEY,
    manager_id integer NOT NULL UNIQUE,
    address_id integer NOT NULL REFERENCES address
);

CREATE TABLE staff (
    staff_id serial PRIMARY KEY,
    given_name varchar(45) NOT NULL,
    family_name varchar(45) NOT NULL,
    address_id integer NOT NULL REFERENCES address,
    email varchar(50),
    shop_id integer NOT NULL REFERENCES shop,
    active boolean NOT NULL DEFAULT true,
    login varchar(16) NOT NULL,
    password varchar(100),
    picture bytea
);
ALTER TABLE shop ADD CONSTRAINT shop_manager FOREIGN KEY (manager_id) REFERENCES staff DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX staff_login ON staff (lower(login));

CREATE TABLE customer (
    customer_id serial PRIMARY KEY,
    shop_id integer NOT NULL REFERENCES shop ON UPDATE CASCADE ON DELETE RESTRICT,
    given_name varchar(45) NOT NULL,
    family_name varchar(45) NOT NULL,
    email varchar(50),
    address_id integer NOT NULL REFERENCES address ON UPDATE CASCADE ON DELETE RESTRICT,
    active boolean NOT NULL DEFAULT true,
    joined_on date NOT NULL DEFAULT CURRENT_DATE,
    updated_at timestamp DEFAULT now()
);
CREATE INDEX customer_family_name ON customer (family_name) WHERE active;

CREATE TABLE stock (
    stock_id serial PRIMARY KEY,
    film_id integer NOT NULL REFERENCES film ON UPDATE CASCADE ON DELETE RESTRICT,
    shop_id integer NOT NULL REFERENCES shop ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX stock_shop_film ON stock (shop_id, film_id);

CREATE TABLE rental (
    rental_id bigserial PRIMARY KEY,
    rented_at timestamp NOT NULL,
    stock_id integer NOT NULL REFERENCES stock,
    customer_id integer NOT NULL REFERENCES customer,
    returned_at timestamp,
    staff_id integer NOT NULL REFERENCES staff,
    CONSTRAINT rental_returned_later CHECK (returned_at IS NULL OR returned_at >= rented_at)
);
CREATE UNIQUE INDEX rental_once ON rental (rented_at, stock_id, customer_id);

CREATE TABLE payment (
    payment_id bigserial,
    customer_id integer NOT NULL REFERENCES customer,
    staff_id integer NOT NULL REFERENCES staff,
    rental_id bigint REFERENCES rental ON DELETE SET NULL,
    amount numeric(5, 2) NOT NULL,
    paid_at timestamp NOT NULL,
    PRIMARY KEY (payment_id, paid_at)
) PARTITION BY RANGE (paid_at);
CREATE TABLE payment_first_half PARTITION OF payment FOR VALUES FROM ('2024-01-01') TO ('2024-07-01');
CREATE TABLE payment_second_half PARTITION OF payment FOR VALUES FROM ('2024-07-01') TO ('2025-01-01');
CREATE INDEX payment_customer ON payment (customer_id);

CREATE VIEW customer_list AS
    SELECT c.customer_id AS id,
        c.given_name || ' ' || c.family_name AS name,
        a.line1 AS address,
        a.postcode AS "zip code",
        t.name AS town,
        k.name AS country,
        CASE WHEN c.active THEN 'active' ELSE '' END AS notes
    FROM customer c
        JOIN address a ON c.address_id = a.address_id
        JOIN town t USING (town_id)
        JOIN country k USING (country_id);

CREATE VIEW film_list AS
    SELECT f.film_id, f.title, f.rating,
        string_agg(p.given_name || ' ' || p.family_name, ', ' ORDER BY p.family_name) AS performers
    FROM film f
        LEFT JOIN film_performer fp ON fp.film_id = f.film_id
        LEFT JOIN performer p ON p.performer_id = fp.performer_id
    GROUP BY f.film_id, f.title, f.rating;

CREATE VIEW adult_film_list AS SELECT film_id, title FROM film_list WHERE rating = 'adult';

CREATE MATERIALIZED VIEW sales_by_shop AS
    SELECT s.shop_id, date_trunc('month', p.paid_at) AS month, sum(p.amount) AS total
    FROM payment p JOIN rental r ON r.rental_id = p.rental_id JOIN stock s ON s.stock_id = r.stock_id
    GROUP BY s.shop_id, date_trunc('month', p.paid_at);
CREATE UNIQUE INDEX sales_by_shop_month ON sales_by_shop (shop_id, month);

CREATE FUNCTION set_updated_at() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := CURRENT_TIMESTAMP;
    RETURN NEW;
END
$$;

CREATE FUNCTION set_words() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    NEW.words := to_tsvector('pg_catalog.english', NEW.title || ' ' || coalesce(NEW.summary, ''));
    RETURN NEW;
END
$$;

CREATE FUNCTION is_in_stock(wanted integer) RETURNS boolean
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    still_out integer;
BEGIN
    SELECT count(*) INTO still_out FROM rental WHERE stock_id = wanted AND returned_at IS NULL;
    RETURN still_out = 0;
END
$$;

CREATE FUNCTION balance_of(customer integer, at timestamp) RETURNS numeric
    LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(amount), 0) FROM payment WHERE customer_id = customer AND paid_at <= at;
$$;

CREATE TRIGGER film_updated BEFORE UPDATE ON film FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER film_words BEFORE INSERT OR UPDATE OF title, summary ON film FOR EACH ROW EXECUTE FUNCTION set_words();
CREATE TRIGGER customer_updated BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION set_updated_at();
CREATE TRIGGER performer_updated BEFORE UPDATE ON performer FOR EACH ROW EXECUTE FUNCTION set_updated_at();

COMMENT ON TABLE film IS 'What can be rented';
COMMENT ON COLUMN film.rental_days IS 'How long a customer may keep it';
