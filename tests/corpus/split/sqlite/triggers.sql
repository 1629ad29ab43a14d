CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT) STRICT, WITHOUT ROWID;
CREATE TRIGGER tr AFTER INSERT ON t WHEN NEW.a = ';' BEGIN
  UPDATE t SET a = CASE WHEN a = 'x' THEN 'y;' ELSE CASE a WHEN 1 THEN 2 END END;
  -- a comment; END;
  INSERT INTO log VALUES (';');
END;
create temp trigger if not exists ts instead of update of a on v begin select case when 1 then 2 end; end;
EXPLAIN CREATE TEMPORARY TRIGGER tt AFTER DELETE ON t BEGIN SELECT 1; SELECT 2; END;
BEGIN;
CREATE TABLE "trigger" (a);
END;
CREATE VIRTUAL TABLE f USING fts5(a, content='x;');
PRAGMA foreign_keys = off;
CREATE TRIGGER last AFTER DELETE ON t BEGIN SELECT 1; END
