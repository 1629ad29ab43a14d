-- only; this
/* a /* does not nest; */ SELECT 1;
SELECT 2 /* b; */ -- c;
  ;
;;
/* the end; */
