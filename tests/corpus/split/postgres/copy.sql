CREATE TABLE t (a int, b text);
COPY t (a, b) FROM stdin;
1	one; -- not a comment
2	it's 'not' a $$ quote

\N	\\.
\.
INSERT INTO t VALUES (3, 'three');
copy public.t from STDIN WITH (FORMAT csv); -- the rows
4,"four;
five"
\.
COPY t FROM stdin;
\.
COPY t TO STDOUT;
COPY t FROM '/tmp/x';
COPY (SELECT 1 FROM stdin) TO STDOUT;
SELECT 1;
