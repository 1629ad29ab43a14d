-- revision: b
-- parents: [a]
-- message: two users

-- rev: up
INSERT INTO users VALUES (1, 'ann');
INSERT INTO users VALUES (2, 'ben; ''x''');

-- rev: down
DELETE FROM users
  WHERE id IN (1, 2);
