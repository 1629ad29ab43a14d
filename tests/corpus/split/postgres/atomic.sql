CREATE FUNCTION add(a int, b int) RETURNS int
BEGIN ATOMIC
  SELECT CASE WHEN a > 0 THEN a + b ELSE (CASE b WHEN 1 THEN 2 END) END;
  SELECT t.end, 1 AS case, x.begin FROM t;
END;
create or replace procedure p() begin atomic insert into t values (1); insert into t values (2); end;
CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'SELECT 1; SELECT 2';
CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO log VALUES (1); UPDATE n SET c = c + 1;);
BEGIN;
CREATE TABLE "begin" (atomic int);
END;
CREATE TABLE u (a int)
