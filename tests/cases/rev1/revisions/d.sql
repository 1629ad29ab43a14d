-- revision: d
-- parents: [c]
-- message: more notes
-- transaction: none

-- rev: up
CREATE TABLE more (id integer);
CREATE TABLE others (id integer);

-- rev: down
DROP TABLE more;
