INSERT INTO t VALUES ('a;b', 'it''s;', x'3B', 'back\');
SELECT "a;b", "say ""x;""", `c;``d`, [e;'f"g] FROM [t;];
SELECT a->>'$.x;', ?1, :a, @b, $c FROM t;
select '多言語; 文字列' as "名前;";
