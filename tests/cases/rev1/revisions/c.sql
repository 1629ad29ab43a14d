-- revision: c
-- parents: [b]
-- message: notes

-- rev: up
CREATE TABLE notes (body varchar(20));
INSERT INTO notes VALUES ('one');

-- rev: down
DROP TABLE notes;
