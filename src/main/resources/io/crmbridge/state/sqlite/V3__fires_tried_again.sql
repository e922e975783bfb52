-- A fire that failed and is tried again: how often it began, and the keys of its effects that have succeeded, separated by blanks.
ALTER TABLE schedule ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE schedule ADD COLUMN effects TEXT NOT NULL DEFAULT '';
