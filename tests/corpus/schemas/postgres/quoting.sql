-- Names that have to be quoted, and texts within quotes.

CREATE SCHEMA "My Schema";
CREATE SCHEMA "dot.ted";
CREATE SCHEMA "user";

CREATE TYPE "My Schema"."Odd Mood" AS ENUM ('so so', 'it''s "fine"', 'a,b', '{x}', 'back\slash');
CREATE DOMAIN "dot.ted"."a.b" AS integer CONSTRAINT "value > 0" CHECK (VALUE > 0);
CREATE TYPE "Pair" AS ("Left Side" integer, "order" text);
CREATE SEQUENCE "My Schema"."seq with space";
CREATE SEQUENCE "it's.a seq";

CREATE TABLE "My Table" (
    "Id" serial PRIMARY KEY,
    "with space" integer DEFAULT nextval('"My Schema"."seq with space"'),
    "with'quote" text DEFAULT 'it''s',
    "with""double" text DEFAULT '"',
    "with.dot" text,
    "with,comma" text,
    "with;semicolon" text,
    "with(bracket)" text,
    "with%percent" text,
    "with\backslash" text DEFAULT '\',
    "with$dollar" text DEFAULT $a$$b$ $$ $a$,
    "with-dash--comment" text DEFAULT '-- not a comment',
    "with/*comment*/" text DEFAULT '/* nor this */',
    "with:colon" text,
    "with`backtick" text,
    "with[square]" text,
    "with?mark" text,
    "UPPER" text,
    "camelCase" text,
    " leading" text,
    "trailing " text,
    "1digit" text,
    "42" text,
    "naïve_café" text DEFAULT 'naïve café',
    "日本語" text DEFAULT '日本語',
    "Ελληνικά" text,
    "emoji 🎉" text DEFAULT '🎉',
    unquoted_ñandú text,
    dollar$inside text,
    _under text,
    "a_column_name_that_is_exactly_sixty_characters_long_012345678" text,
    mood "My Schema"."Odd Mood" DEFAULT 'it''s "fine"',
    moods "My Schema"."Odd Mood"[] DEFAULT '{"so so"}',
    dotted "dot.ted"."a.b",
    pair "Pair",
    CONSTRAINT "check with 'quotes' and ""double""" CHECK ("with space" > 0 AND "UPPER" <> 'lower' AND ("pair")."Left Side" > 1),
    CONSTRAINT "Unique.Dotted" UNIQUE ("with.dot", "with,comma")
);

CREATE TABLE "order" (
    "select" integer PRIMARY KEY,
    "from" text,
    "where" text,
    "group" text,
    "table" text,
    "user" text DEFAULT 'user',
    "primary" text,
    "default" text DEFAULT 'default',
    "check" integer CHECK ("check" > 0),
    "references" integer REFERENCES "My Table",
    "constraint" text,
    "limit" integer,
    "offset" integer,
    "end" date,
    "all" boolean,
    "analyse" text,
    "column" text,
    "null" text,
    "true" boolean,
    "current_user" text,
    "authorization" text,
    "between" integer,
    "values" integer[],
    "row" text,
    "time" time,
    "timestamp" timestamp,
    "interval" interval,
    "date" date,
    "integer" integer,
    "text" text,
    value text,
    name text,
    type text,
    key text,
    index integer,
    level integer,
    "xmin_like" integer
);

CREATE TABLE "My Schema"."order" ("Id" integer REFERENCES "My Table" ("Id"), "order" integer REFERENCES "order" ("select"));
CREATE TABLE "dot.ted"."t.t" ("c.c" integer PRIMARY KEY, "d.d" integer REFERENCES "dot.ted"."t.t");
CREATE TABLE "user"."user" ("user" text PRIMARY KEY);
CREATE TABLE "a_table_name_that_is_exactly_sixty_characters_long_0123456789" (
    id bigserial PRIMARY KEY,
    "a_column_name_that_is_exactly_sixty_characters_long_012345678" integer UNIQUE CHECK ("a_column_name_that_is_exactly_sixty_characters_long_012345678" > 0),
    parent_with_quite_a_long_name_as_well bigint REFERENCES "a_table_name_that_is_exactly_sixty_characters_long_0123456789"
);
CREATE TABLE "Übung" ("größe" numeric(5, 2), "straße" text);

-- the same name but for its case
CREATE TABLE twin (a integer, "A" text);
CREATE TABLE "Twin" (a integer, "A" text);
CREATE TABLE "TWIN" (a integer, "A" text);

CREATE INDEX "Index With Space" ON "My Table" ("with space" DESC, lower("UPPER"));
CREATE INDEX "index.dotted" ON "dot.ted"."t.t" ("d.d") WHERE "c.c" > 1;
CREATE UNIQUE INDEX "index ""quoted""" ON "order" ("from", ("where" || 'x''y'));
CREATE INDEX "日本語の索引" ON "My Table" ("日本語");
CREATE INDEX ON "My Table" ("with'quote");
CREATE INDEX ON "order" ("select", "group");

CREATE VIEW "My View" AS
    SELECT "Id" AS "The Id", "with space" AS "select", "with""double" || ' "x" ''y''' AS "a.b", "日本語" FROM "My Table" AS "T t" WHERE "T t"."UPPER" IS NOT NULL;
CREATE VIEW "My Schema"."View.Of View" AS SELECT v."The Id", v."select" AS "Select" FROM "My View" v;
CREATE MATERIALIZED VIEW "Mat View" AS SELECT "select", "from" FROM "order";
CREATE UNIQUE INDEX "Mat Index" ON "Mat View" ("select");

CREATE FUNCTION "My Function"("An Arg" integer, "select" text DEFAULT 'it''s') RETURNS text
    LANGUAGE plpgsql AS $body$
BEGIN
    -- a quote ' and a "double" and a $$ within
    RETURN "An Arg"::text || "select" || $$ nested '' $$ || E'\\';
END
$body$;
CREATE FUNCTION "dot.ted"."f.f"() RETURNS trigger
    LANGUAGE plpgsql AS 'BEGIN NEW."c.c" := 1; RAISE NOTICE ''it''''s %'', NEW."c.c"; RETURN NEW; END';
CREATE TRIGGER "My Trigger" BEFORE INSERT OR UPDATE OF "c.c", "d.d" ON "dot.ted"."t.t" FOR EACH ROW WHEN (NEW."c.c" <> 0) EXECUTE FUNCTION "dot.ted"."f.f"('an ''arg''', 'b "c"', 'd\e');
CREATE PROCEDURE "user"."do"() LANGUAGE sql AS $$ UPDATE "order" SET "from" = 'x' $$;
CREATE POLICY "My Policy" ON "My Table" USING ("with'quote" = CURRENT_USER);
ALTER TABLE "My Table" ENABLE ROW LEVEL SECURITY;
CREATE STATISTICS "My Stats" ON "from", "where" FROM "order";

COMMENT ON TABLE "My Table" IS 'It''s a "comment"
over two lines, with a \ backslash, a $$ and a semicolon; -- and two dashes';
COMMENT ON COLUMN "My Table"."with.dot" IS '日本語 🎉';
COMMENT ON COLUMN "order"."select" IS E'tab\there';
COMMENT ON SCHEMA "dot.ted" IS 'a.b';
COMMENT ON CONSTRAINT "Unique.Dotted" ON "My Table" IS ' spaces ';
