CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.x := 'a;b'; -- don't stop here;
  RETURN NEW;
END
$$;
DO $outer$
BEGIN
  EXECUTE $inner$ SELECT 1; $other$ ; $inner$;
  EXECUTE $$ SELECT 2; $$;
END $outer$;
SELECT $_tag1$;$_tag1$, $ünï$;$ünï$;
SELECT $Tag$;$tag$;$Tag$;
CREATE OR REPLACE PROCEDURE p(a int) AS $$ SELECT 1; $$ LANGUAGE sql;SELECT 3
