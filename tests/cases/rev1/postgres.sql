CREATE TABLE public.more (
    id integer
);
CREATE TABLE public.notes (
    body character varying(20)
);
CREATE TABLE public.rev_applied (
    id text NOT NULL,
    seq bigint NOT NULL,
    up_digest text NOT NULL,
    down_digest text NOT NULL,
    parents text NOT NULL,
    depends_on text NOT NULL,
    how text NOT NULL,
    at text NOT NULL,
    who text NOT NULL
);
CREATE TABLE public.rev_log (
    seq bigint NOT NULL,
    run text NOT NULL,
    at text NOT NULL,
    who text NOT NULL,
    event text NOT NULL,
    revision text,
    direction text,
    statement bigint,
    digest text,
    detail text
);
CREATE TABLE public.rev_text (
    id text NOT NULL,
    up_digest text NOT NULL,
    down_digest text NOT NULL,
    file text NOT NULL,
    body text NOT NULL,
    up text NOT NULL,
    down text
);
CREATE TABLE public.users (
    id integer NOT NULL,
    email text
);
INSERT INTO public.notes VALUES ('one');
INSERT INTO public.rev_applied VALUES ('a', 2, 'a71c2f57f45ff27e434f9a5b4bbb7da312f9b24d3c37d9d5ec74cdaa1e136640', 'derived', '', '', 'ran', '2026-11-30T23:23:49Z', 'ann@host');
INSERT INTO public.rev_applied VALUES ('b', 3, '128f8a4a1684e8534f7f68cd599244caea259dbc7cedb2bee32504597361489d', 'f3608769d40e80397cfd303374ed1a024ad454e277be0876da7d32ecef4974fe', 'a', '', 'ran', '2026-11-30T23:23:49Z', 'ann@host');
INSERT INTO public.rev_applied VALUES ('c', 4, 'fa3ea26f579871eb57464cebf2ef183ff5e874fba8c42b160c96e1666e5a25f8', '4c167dc6bbf660186d6ced9b739f5eaf5ccdb85e04909876e1ce413fec3fe2af', 'b', '', 'ran', '2026-11-30T23:23:49Z', 'ann@host');
INSERT INTO public.rev_log VALUES (1, 'c1359b57c9be', '2026-11-30T23:23:49Z', 'ann@host', 'format', NULL, NULL, NULL, NULL, 'rev1');
INSERT INTO public.rev_log VALUES (2, 'c1359b57c9be', '2026-11-30T23:23:49Z', 'ann@host', 'done', 'a', 'up', NULL, 'a71c2f57f45ff27e434f9a5b4bbb7da312f9b24d3c37d9d5ec74cdaa1e136640', '{"parents":[],"depends_on":[]}');
INSERT INTO public.rev_log VALUES (3, 'c1359b57c9be', '2026-11-30T23:23:49Z', 'ann@host', 'done', 'b', 'up', NULL, '128f8a4a1684e8534f7f68cd599244caea259dbc7cedb2bee32504597361489d', '{"parents":["a"],"depends_on":[]}');
INSERT INTO public.rev_log VALUES (4, 'c1359b57c9be', '2026-11-30T23:23:49Z', 'ann@host', 'done', 'c', 'up', NULL, 'fa3ea26f579871eb57464cebf2ef183ff5e874fba8c42b160c96e1666e5a25f8', '{"parents":["b"],"depends_on":[]}');
INSERT INTO public.rev_log VALUES (5, '6b8fdd7331e3', '2026-11-30T23:23:49Z', 'ann@host', 'began', 'd', 'up', NULL, '50cd8e5859998bd1a1972b96951380411b8f9e90dc019f1cd36da1a8a70fd290', '{"down_digest":"738a5027cd69842b33ee50e2ea83eb29f72b1de919dbad89117351d358ad3d45","parents":["c"],"depends_on":[],"statements":["1eb30d01fa22fae6d38e961ea58d528eca07b2c1a5d338cfaedbad9076c67975","1eb30d01fa22fae6d38e961ea58d528eca07b2c1a5d338cfaedbad9076c67975"]}');
INSERT INTO public.rev_log VALUES (6, '6b8fdd7331e3', '2026-11-30T23:23:49Z', 'ann@host', 'intent', 'd', 'up', 0, '1eb30d01fa22fae6d38e961ea58d528eca07b2c1a5d338cfaedbad9076c67975', '{"before":false}');
INSERT INTO public.rev_log VALUES (7, '6b8fdd7331e3', '2026-11-30T23:23:49Z', 'ann@host', 'done', 'd', 'up', 0, '1eb30d01fa22fae6d38e961ea58d528eca07b2c1a5d338cfaedbad9076c67975', NULL);
INSERT INTO public.rev_log VALUES (8, '6b8fdd7331e3', '2026-11-30T23:23:49Z', 'ann@host', 'intent', 'd', 'up', 1, '1eb30d01fa22fae6d38e961ea58d528eca07b2c1a5d338cfaedbad9076c67975', '{"before":true}');
INSERT INTO public.rev_log VALUES (9, '6b8fdd7331e3', '2026-11-30T23:23:49Z', 'ann@host', 'failed', 'd', 'up', 1, '1eb30d01fa22fae6d38e961ea58d528eca07b2c1a5d338cfaedbad9076c67975', 'relation "more" already exists');
INSERT INTO public.rev_text VALUES ('a', 'a71c2f57f45ff27e434f9a5b4bbb7da312f9b24d3c37d9d5ec74cdaa1e136640', 'derived', 'revisions/a.yaml', 'revision: a
parents: []
message: the users
up:
  - create_table:
      name: users
      columns:
        - {name: id, type: integer, nullable: false}
        - {name: email, type: text}
      constraints:
        - primary_key: {columns: [id]}
', '[{"sql":"CREATE TABLE users (\n    id integer NOT NULL,\n    email text,\n    CONSTRAINT users_pkey PRIMARY KEY (id)\n)","line":5,"transactional":true}]', '[{"sql":"DROP TABLE users","line":5,"transactional":true}]');
INSERT INTO public.rev_text VALUES ('b', '128f8a4a1684e8534f7f68cd599244caea259dbc7cedb2bee32504597361489d', 'f3608769d40e80397cfd303374ed1a024ad454e277be0876da7d32ecef4974fe', 'revisions/b.sql', '-- revision: b
INSERT INTO users VALUES (1, ''ann'');
INSERT INTO users VALUES (2, ''ben; ''''x'''''');
DELETE FROM users
  WHERE id IN (1, 2);
', '[{"sql":"INSERT INTO users VALUES (1, ''ann'')","line":6,"transactional":true},{"sql":"INSERT INTO users VALUES (2, ''ben; ''''x'''''')","line":7,"transactional":true}]', '[{"sql":"DELETE FROM users\n  WHERE id IN (1, 2)","line":10,"transactional":true}]');
INSERT INTO public.rev_text VALUES ('c', 'fa3ea26f579871eb57464cebf2ef183ff5e874fba8c42b160c96e1666e5a25f8', '4c167dc6bbf660186d6ced9b739f5eaf5ccdb85e04909876e1ce413fec3fe2af', 'revisions/c.sql', '-- revision: c
CREATE TABLE notes (body varchar(20));
INSERT INTO notes VALUES (''one'');
DROP TABLE notes;
', '[{"sql":"CREATE TABLE notes (body varchar(20))","line":6,"transactional":true},{"sql":"INSERT INTO notes VALUES (''one'')","line":7,"transactional":true}]', '[{"sql":"DROP TABLE notes","line":10,"transactional":true}]');
INSERT INTO public.rev_text VALUES ('d', '50cd8e5859998bd1a1972b96951380411b8f9e90dc019f1cd36da1a8a70fd290', '738a5027cd69842b33ee50e2ea83eb29f72b1de919dbad89117351d358ad3d45', 'revisions/d.sql', '-- revision: d
CREATE TABLE more (id integer);
CREATE TABLE more (id integer);
DROP TABLE more;
', '[{"sql":"CREATE TABLE more (id integer)","line":7,"transactional":false},{"sql":"CREATE TABLE more (id integer)","line":8,"transactional":false}]', '[{"sql":"DROP TABLE more","line":11,"transactional":false}]');
INSERT INTO public.users VALUES (1, 'ann');
INSERT INTO public.users VALUES (2, 'ben; ''x''');
ALTER TABLE ONLY public.rev_applied
    ADD CONSTRAINT rev_applied_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rev_applied
    ADD CONSTRAINT rev_applied_seq_key UNIQUE (seq);
ALTER TABLE ONLY public.rev_log
    ADD CONSTRAINT rev_log_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.rev_text
    ADD CONSTRAINT rev_text_pkey PRIMARY KEY (id, up_digest, down_digest);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
