-- Names that have to be quoted, in each of the four ways, and texts within quotes.

CREATE TABLE "My Table" (
    "Id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "with space" int,
    "with'quote" text DEFAULT 'it''s',
    "with""double" text DEFAULT '"',
    "with`tick" text DEFAULT '`',
    "with.dot" text,
    "with,comma" text DEFAULT ',',
    "with;semicolon" text DEFAULT ';',
    "with(bracket)" text DEFAULT '(',
    "with%percent" text,
    "with\backslash" text DEFAULT '\',
    "with$dollar" text,
    "with-dash--comment" text DEFAULT '-- not a comment',
    "with/*comment*/" text DEFAULT '/* nor this */',
    "with:colon" text,
    "with[square]" text DEFAULT '[',
    "with?mark" text,
    "with@at" text,
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
    "" text,
    "a_column_name_that_is_exactly_sixty_characters_long_012345678" int CHECK ("a_column_name_that_is_exactly_sixty_characters_long_012345678" > 0),
    "odd type" "My Type (1, 2)",
    CONSTRAINT "check with 'quotes' and ""double""" CHECK ("with space" > 0 AND "UPPER" <> 'lower'),
    CONSTRAINT "Unique.Dotted" UNIQUE ("with.dot", "with,comma")
);

CREATE TABLE [bracket quoted] ([the id] INTEGER PRIMARY KEY, [select] int, [a"b] text, [a'b] text, CONSTRAINT [uq [ odd] UNIQUE ([select], [a"b]));
CREATE TABLE `tick quoted` (`the id` INTEGER PRIMARY KEY, `select` int, `a``b` text, CONSTRAINT `fk ticked` FOREIGN KEY (`select`) REFERENCES `bracket quoted` (`the id`));
CREATE TABLE 'single quoted' ('the id' INTEGER PRIMARY KEY, 'it''s' text, CONSTRAINT 'fk single' FOREIGN KEY ('the id') REFERENCES "tick quoted");

CREATE TABLE "order" (
    "select" INTEGER PRIMARY KEY,
    "from" text,
    "where" text,
    "group" text,
    "table" text,
    "primary" text,
    "unique" text,
    "default" text DEFAULT 'default',
    "check" int CHECK ("check" > 0),
    "references" int REFERENCES "My Table" ("Id") ON DELETE SET NULL,
    "constraint" text,
    "foreign" int REFERENCES "order" ("select"),
    "limit" int,
    "null" text,
    "not" text,
    "values" text,
    "index" int,
    "collate" text COLLATE NOCASE,
    "autoincrement" int,
    key text,
    "end" date,
    generated text,
    always text,
    stored text,
    "as" int AS ("limit" + 1),
    rowid text,
    strict text,
    without text
);

CREATE TABLE "dot.ted" ("c.c" int PRIMARY KEY, "d.d" int REFERENCES "dot.ted" ("c.c"));
CREATE TABLE "quo""ted" ("a""b" int PRIMARY KEY, "c'd" int REFERENCES "quo""ted");
CREATE TABLE "a_table_name_that_is_exactly_sixty_characters_long_0123456789" (id INTEGER PRIMARY KEY, parent int REFERENCES "a_table_name_that_is_exactly_sixty_characters_long_0123456789");
CREATE TABLE "Übung" ("größe" real, "straße" text, "SS" text);
CREATE TABLE sqlite (a int);
CREATE TABLE "sqlitemaster_like" (a int);
CREATE TABLE MixedCase (ColumnOne int, columnTwo int REFERENCES MIXEDCASE (columnone), UNIQUE (COLUMNONE));
CREATE TABLE"tight"("a"int,"b"text default'x',"c"int check("a">0),primary key("a","b"));
CREATE TABLE spread -- a comment behind the name
(
    a int, -- one, (two
    /* three, 'four */ b text DEFAULT 'x' -- it's
    ,
    c int /* "five */ NOT NULL
    -- the last
);

CREATE INDEX "Index With Space" ON "My Table" ("with space" DESC, lower("UPPER"));
CREATE INDEX "index.dotted" ON "dot.ted" ("d.d") WHERE "c.c" > 1;
CREATE UNIQUE INDEX "index ""quoted""" ON "order" ("from", ("where" || 'x''y'));
CREATE INDEX "日本語の索引" ON "My Table" ("日本語");
CREATE INDEX mixedcase_index ON mixedcase (COLUMNTWO);

CREATE VIEW "My View" ("The Id", "select", "a.b", "日本語") AS
    SELECT "Id", "with space", "with""double" || ' "x" ''y''', "日本語" FROM "My Table" AS "T t" WHERE "T t"."UPPER" IS NOT NULL;
CREATE VIEW [View.Of View] AS SELECT v."The Id", v.[select] AS `Select` FROM "My View" v;

CREATE TRIGGER "My Trigger" AFTER UPDATE OF "with'quote", "with.dot" ON "My Table" WHEN NEW."with'quote" <> 'it''s; END;'
BEGIN
    UPDATE "My Table" SET "with.dot" = 'a;b -- c' WHERE "Id" = NEW."Id";
END;
CREATE TRIGGER [trigger bracketed] INSTEAD OF INSERT ON [My View] BEGIN SELECT 'END', "a.b" FROM "My View"; END;
