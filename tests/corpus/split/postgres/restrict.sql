\restrict x9
SELECT 1;
\unrestrict x9
