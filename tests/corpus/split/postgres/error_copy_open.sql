COPY t FROM stdin;
1	one
