-- The terminator inside every kind of quote.
INSERT INTO t VALUES ('a;b', 'it''s; fine', E'esc\'aped;', e'\\', U&'d\0061t;', b'01', x'1F');
SELECT "a;b", "say ""x;""", U&"d\0061t;" FROM "t;";
SELECT 'standard \'; SELECT 'so this is a second statement';
SELECT E'carried on '
  'with escapes \'; still inside',
  'not';
SELECT E'not carried on' -- comment; here
  'but \'; here';
SELECT fooe'x;y', 1e'z';
SELECT $1::text, a$b$c, $2;
select '多言語; 文字列', "名前;" from 表;
