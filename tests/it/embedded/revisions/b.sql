-- revision: b1
-- parents: [a1]

-- rev: up
CREATE TABLE b (id integer PRIMARY KEY);

-- rev: down
DROP TABLE b;
