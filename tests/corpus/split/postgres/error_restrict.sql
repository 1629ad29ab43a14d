\restrict x9
SELECT 1;
