-- Exports of all contacts. One without loaded_at is half loaded, and counts for nothing; of the others the last of a source counts.
CREATE TABLE seed (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id   BIGINT NOT NULL REFERENCES source (id),
    exported_at BIGINT NOT NULL,
    contacts    BIGINT NOT NULL DEFAULT 0,
    loaded_at   BIGINT
);
CREATE INDEX seed_by_source ON seed (source_id, loaded_at);

-- Their addresses as hashes; record_id is empty where the export has no id.
CREATE TABLE seed_contact (
    seed_id      BIGINT NOT NULL REFERENCES seed (id),
    address_hash BYTEA NOT NULL,
    record_id    TEXT NOT NULL,
    PRIMARY KEY (seed_id, address_hash, record_id)
);
