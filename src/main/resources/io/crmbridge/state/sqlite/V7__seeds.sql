-- Exports of all contacts. One without loaded_at is half loaded, and counts for nothing; of the others the last of a source counts.
CREATE TABLE seed (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id   INTEGER NOT NULL REFERENCES source (id),
    exported_at INTEGER NOT NULL,
    contacts    INTEGER NOT NULL DEFAULT 0,
    loaded_at   INTEGER
);
CREATE INDEX seed_by_source ON seed (source_id, loaded_at);

-- Their addresses as hashes; record_id is empty where the export has no id.
CREATE TABLE seed_contact (
    seed_id      INTEGER NOT NULL REFERENCES seed (id),
    address_hash BLOB NOT NULL,
    record_id    TEXT NOT NULL,
    PRIMARY KEY (seed_id, address_hash, record_id)
) WITHOUT ROWID;
