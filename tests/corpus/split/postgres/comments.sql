/* nothing; here */ ;;
-- only a comment;
;
/* outer /* inner; */ still; */ SELECT 1; -- behind; it
SELECT 2 -- in the middle; of it
  + 3 /* and; /* here; */ too; */ ;
SELECT 4--5;
;SELECT 6 */* seven; */ 7;
/*+ SeqScan(t) */ SELECT * FROM t;
SELECT 5 - -5, 3 -/* x; */- 2, a<-b, a@-b, '{}'::jsonb #>> '{a}' ?| array['b'];
/*+ alone */
-- the end
