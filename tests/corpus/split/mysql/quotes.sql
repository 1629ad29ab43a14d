INSERT INTO t VALUES ('a;b', 'it''s;', 'back\'slash;', "dou""ble;", "b\";", '\\'), (_utf8mb4'x;', N'n;', x'3B', b'1');
SELECT `a;b`, `say ``x;```, `back\` FROM `t;`;
SELECT 'a' 'b;' "c;", 'a''b';
SELECT \N, 1st_col, $a, @x:=1, @`v;`, @@session.sql_mode, 5--1;
select '多言語; 文字列' as `名前;`;
