-- A migration that does not exist yet, to try what happens before and after one.
CREATE TABLE later (id INTEGER PRIMARY KEY);
