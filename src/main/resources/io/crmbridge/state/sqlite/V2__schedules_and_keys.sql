-- The fires of a scheduled route: a fire that was missed while no bridge ran is found by what stands here.
CREATE TABLE schedule (
    bundle       TEXT    NOT NULL,
    route_id     TEXT    NOT NULL,
    since        INTEGER NOT NULL,
    due_at       INTEGER,
    fired_at     INTEGER,
    ended_at     INTEGER,
    failure      TEXT,
    succeeded_at INTEGER,
    next_at      INTEGER,
    PRIMARY KEY (bundle, route_id)
) WITHOUT ROWID;

-- What was answered or processed once and must not be again, by scope.
CREATE TABLE seen_key (
    scope    TEXT    NOT NULL,
    key_hash BLOB    NOT NULL,
    seen_at  INTEGER NOT NULL,
    PRIMARY KEY (scope, key_hash)
) WITHOUT ROWID;

-- Places of routes that are gone for long, and what waited there when they were given up.
CREATE TABLE expired_place (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    bundle          TEXT    NOT NULL,
    name            TEXT    NOT NULL,
    route_id        TEXT    NOT NULL,
    feed_id         INTEGER NOT NULL REFERENCES feed (id),
    position        INTEGER NOT NULL,
    parked          INTEGER NOT NULL,
    dead            INTEGER NOT NULL,
    last_started_at INTEGER NOT NULL,
    expired_at      INTEGER NOT NULL
);
