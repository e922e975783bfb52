-- OAuth grants by the connection that calls with them; both tokens are encrypted, bound to the connection and the column.
-- begun counts the refreshes with this refresh token whose answer was not seen; claim is who refreshes now, at most until claimed_until.
CREATE TABLE token (
    connection    TEXT PRIMARY KEY,
    app           TEXT    NOT NULL,
    access_token  BLOB    NOT NULL,
    refresh_token BLOB,
    issued_at     INTEGER NOT NULL,
    expires_at    INTEGER,
    scopes        TEXT    NOT NULL,
    identity      TEXT    NOT NULL,
    user_type     TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    reason        TEXT,
    version       INTEGER NOT NULL,
    begun         INTEGER NOT NULL DEFAULT 0,
    claim         TEXT,
    claimed_until INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
