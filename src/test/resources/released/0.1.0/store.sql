CREATE TABLE "flyway_schema_history" (
    "installed_rank" INT NOT NULL PRIMARY KEY,
    "version" VARCHAR(50),
    "description" VARCHAR(200) NOT NULL,
    "type" VARCHAR(20) NOT NULL,
    "script" VARCHAR(1000) NOT NULL,
    "checksum" INT,
    "installed_by" VARCHAR(100) NOT NULL,
    "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    "execution_time" INT NOT NULL,
    "success" BOOLEAN NOT NULL
);
CREATE TABLE source (
    id             INTEGER PRIMARY KEY,
    connection     TEXT    NOT NULL UNIQUE,
    type           TEXT    NOT NULL,
    workspace_id   TEXT,
    workspace_name TEXT,
    state          TEXT    NOT NULL,
    reason         TEXT,
    state_since    INTEGER NOT NULL
);
CREATE TABLE feed (
    id               INTEGER PRIMARY KEY,
    source_id        INTEGER NOT NULL REFERENCES source (id),
    name             TEXT    NOT NULL,
    started_at       INTEGER NOT NULL,
    lease            INTEGER NOT NULL DEFAULT 0,
    polls            INTEGER NOT NULL DEFAULT 0,
    proven           INTEGER,
    proven_locally   INTEGER NOT NULL DEFAULT 0,
    history_from     INTEGER,
    history_complete INTEGER NOT NULL DEFAULT 0,
    learnt_cap       INTEGER,
    anchors          TEXT    NOT NULL DEFAULT '[]',
    last_poll_at     INTEGER,
    fresh_at         INTEGER,
    page_rows        INTEGER,
    page_cap         INTEGER,
    error            TEXT,
    UNIQUE (source_id, name)
);
CREATE TABLE change (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id        INTEGER NOT NULL REFERENCES feed (id),
    record_id      TEXT    NOT NULL,
    version        TEXT    NOT NULL,
    hash           BLOB    NOT NULL,
    kind           TEXT    NOT NULL,
    first_seen     INTEGER NOT NULL,
    baseline       INTEGER NOT NULL,
    changed_fields TEXT,
    previous       INTEGER,
    addressed_to   INTEGER,
    observed_at    INTEGER NOT NULL,
    codec          INTEGER NOT NULL DEFAULT 0,
    key_id         INTEGER NOT NULL DEFAULT 0,
    body           BLOB    NOT NULL
);
CREATE TABLE mirror (
    feed_id   INTEGER NOT NULL REFERENCES feed (id),
    record_id TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    raw_hash  BLOB    NOT NULL,
    recent    BLOB    NOT NULL,
    PRIMARY KEY (feed_id, record_id)
) WITHOUT ROWID;
CREATE TABLE gap (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    feed_id   INTEGER NOT NULL REFERENCES feed (id),
    from_at   INTEGER NOT NULL,
    to_at     INTEGER NOT NULL,
    reason    TEXT    NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER,
    evidence  TEXT
);
CREATE TABLE quarantine (
    feed_id    INTEGER NOT NULL REFERENCES feed (id),
    hash       BLOB    NOT NULL,
    reason     TEXT    NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    codec      INTEGER NOT NULL DEFAULT 0,
    key_id     INTEGER NOT NULL DEFAULT 0,
    body       BLOB    NOT NULL,
    PRIMARY KEY (feed_id, hash)
) WITHOUT ROWID;
CREATE TABLE subscription (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    bundle            TEXT    NOT NULL,
    name              TEXT    NOT NULL,
    route_id          TEXT    NOT NULL,
    feed_id           INTEGER NOT NULL REFERENCES feed (id),
    start_from        TEXT    NOT NULL,
    position          INTEGER NOT NULL,
    done_above        TEXT    NOT NULL DEFAULT '',
    state             TEXT    NOT NULL,
    reason            TEXT,
    state_since       INTEGER NOT NULL,
    delivered         INTEGER NOT NULL DEFAULT 0,
    handled           INTEGER NOT NULL DEFAULT 0,
    last_delivered_at INTEGER,
    last_started_at   INTEGER NOT NULL,
    options           TEXT,
    UNIQUE (bundle, name, feed_id)
);
CREATE TABLE parked (
    subscription_id INTEGER NOT NULL REFERENCES subscription (id),
    seq             INTEGER NOT NULL,
    record_id       TEXT    NOT NULL,
    batch           INTEGER,
    attempts        INTEGER NOT NULL,
    next_try_at     INTEGER NOT NULL,
    reason          TEXT,
    effects         TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (subscription_id, seq)
) WITHOUT ROWID;
CREATE TABLE batch (
    subscription_id INTEGER NOT NULL REFERENCES subscription (id),
    first_seq       INTEGER NOT NULL,
    seqs            TEXT    NOT NULL,
    PRIMARY KEY (subscription_id, first_seq)
) WITHOUT ROWID;
CREATE TABLE dead_letter (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription_id INTEGER NOT NULL REFERENCES subscription (id),
    seq             INTEGER NOT NULL,
    record_id       TEXT    NOT NULL,
    attempts        INTEGER NOT NULL,
    reason          TEXT    NOT NULL,
    effects         TEXT    NOT NULL DEFAULT '',
    died_at         INTEGER NOT NULL,
    state           TEXT    NOT NULL,
    state_since     INTEGER NOT NULL
);
CREATE TABLE export_file (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    slot      TEXT    NOT NULL,
    path      TEXT    NOT NULL,
    columns   TEXT,
    state     TEXT    NOT NULL,
    bytes     INTEGER NOT NULL,
    entries   INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    closed_at INTEGER
);
CREATE TABLE export_key (
    key_hash BLOB PRIMARY KEY,
    file_id  INTEGER NOT NULL REFERENCES export_file (id)
) WITHOUT ROWID;
CREATE TABLE route (
    bundle     TEXT    NOT NULL,
    route_id   TEXT    NOT NULL,
    off_reason TEXT,
    paused     INTEGER NOT NULL DEFAULT 0,
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (bundle, route_id)
);
CREATE TABLE command (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    argument   TEXT    NOT NULL,
    asked_at   INTEGER NOT NULL,
    done_at    INTEGER,
    result     TEXT
);
CREATE TABLE schedule (
    bundle       TEXT    NOT NULL,
    route_id     TEXT    NOT NULL,
    since        INTEGER NOT NULL,
    due_at       INTEGER,
    fired_at     INTEGER,
    ended_at     INTEGER,
    failure      TEXT,
    succeeded_at INTEGER,
    next_at      INTEGER, attempts INTEGER NOT NULL DEFAULT 0, effects TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (bundle, route_id)
) WITHOUT ROWID;
CREATE TABLE seen_key (
    scope    TEXT    NOT NULL,
    key_hash BLOB    NOT NULL,
    seen_at  INTEGER NOT NULL,
    PRIMARY KEY (scope, key_hash)
) WITHOUT ROWID;
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
CREATE TABLE intent (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id   INTEGER NOT NULL REFERENCES source (id),
    key_hash    BLOB NOT NULL,
    resource    TEXT NOT NULL,
    operation   TEXT NOT NULL,
    route_id    TEXT NOT NULL,
    natural_key BLOB NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT,
    planned_at  INTEGER NOT NULL,
    state_since INTEGER NOT NULL,
    sent_at     INTEGER,
    sends       INTEGER NOT NULL DEFAULT 0,
    record_id   TEXT,
    known       TEXT NOT NULL DEFAULT '',
    codec       INTEGER NOT NULL DEFAULT 0,
    key_id      INTEGER NOT NULL DEFAULT 0,
    request     BLOB NOT NULL,
    answer      BLOB,
    UNIQUE (source_id, key_hash)
);
CREATE TABLE suppression (
    source_id    INTEGER NOT NULL REFERENCES source (id),
    sequence     TEXT NOT NULL,
    subject_hash BLOB NOT NULL,
    reason       TEXT NOT NULL,
    since        INTEGER NOT NULL,
    PRIMARY KEY (source_id, sequence, subject_hash)
);
CREATE TABLE inbox (
    feed_id    INTEGER PRIMARY KEY REFERENCES feed (id),
    accepted   INTEGER NOT NULL,
    duplicates INTEGER NOT NULL,
    refused    INTEGER NOT NULL,
    dropped    INTEGER NOT NULL
);
CREATE TABLE inbox_key (
    feed_id  INTEGER NOT NULL REFERENCES feed (id),
    kind     TEXT NOT NULL,
    key_hash BLOB NOT NULL,
    receipt  TEXT NOT NULL,
    seen_at  INTEGER NOT NULL,
    PRIMARY KEY (feed_id, kind, key_hash)
) WITHOUT ROWID;
CREATE TABLE seed (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id   INTEGER NOT NULL REFERENCES source (id),
    exported_at INTEGER NOT NULL,
    contacts    INTEGER NOT NULL DEFAULT 0,
    loaded_at   INTEGER
);
CREATE TABLE seed_contact (
    seed_id      INTEGER NOT NULL REFERENCES seed (id),
    address_hash BLOB NOT NULL,
    record_id    TEXT NOT NULL,
    PRIMARY KEY (seed_id, address_hash, record_id)
) WITHOUT ROWID;
CREATE TABLE quota (
    source_id   INTEGER PRIMARY KEY REFERENCES source (id),
    limits      TEXT NOT NULL,
    recent      BLOB NOT NULL,
    share       INTEGER NOT NULL,
    refusals    INTEGER NOT NULL,
    refused_at  INTEGER,
    quiet_until INTEGER,
    spent_at    INTEGER,
    saved_at    INTEGER NOT NULL,
    clean       BOOLEAN NOT NULL
);
CREATE TABLE quota_minute (
    source_id INTEGER NOT NULL REFERENCES source (id),
    minute    INTEGER NOT NULL,
    calls     INTEGER NOT NULL,
    PRIMARY KEY (source_id, minute)
) WITHOUT ROWID;
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
INSERT INTO flyway_schema_history VALUES (1, '1', 'store', 'SQL', 'V1__store.sql', 498740265, '', '2026-11-26 09:02:35.204', 9, 1);
INSERT INTO flyway_schema_history VALUES (2, '2', 'schedules and keys', 'SQL', 'V2__schedules_and_keys.sql', 1965907890, '', '2026-11-26 09:02:35.222', 1, 1);
INSERT INTO flyway_schema_history VALUES (3, '3', 'fires tried again', 'SQL', 'V3__fires_tried_again.sql', -1802609994, '', '2026-11-26 09:02:35.236', 5, 1);
INSERT INTO flyway_schema_history VALUES (4, '4', 'intents', 'SQL', 'V4__intents.sql', 530273662, '', '2026-11-26 09:02:35.248', 0, 1);
INSERT INTO flyway_schema_history VALUES (5, '5', 'inboxes', 'SQL', 'V5__inboxes.sql', -503287828, '', '2026-11-26 09:02:35.262', 0, 1);
INSERT INTO flyway_schema_history VALUES (6, '6', 'intent indexes', 'SQL', 'V6__intent_indexes.sql', -279705104, '', '2026-11-26 09:02:35.269', 0, 1);
INSERT INTO flyway_schema_history VALUES (7, '7', 'seeds', 'SQL', 'V7__seeds.sql', 1188717521, '', '2026-11-26 09:02:35.278', 0, 1);
INSERT INTO flyway_schema_history VALUES (8, '8', 'quotas', 'SQL', 'V8__quotas.sql', -988815356, '', '2026-11-26 09:02:35.286', 0, 1);
INSERT INTO flyway_schema_history VALUES (9, '9', 'tokens', 'SQL', 'V9__tokens.sql', 914999119, '', '2026-11-26 09:02:35.298', 0, 1);
INSERT INTO source VALUES (1, 'default', 'impactiveai', 'ws_sandbox', 'Sandbox workspace', 'OK', NULL, 1748851203031925);
INSERT INTO source VALUES (2, '(bridge)', '(bridge)', NULL, NULL, 'NEW', NULL, 1748851203295743);
INSERT INTO feed VALUES (1, 1, 'deals', 1748851203000000, 3, 4, 1748851204308000, 0, NULL, 1, NULL, '[["c10jrf7aluirg5y37oxq6pq32",1748851204307000],["cd9forui8onrxsx29nh5c4pxu",1748851204308000],["cyp2hjybjza08r38y3wizqk6r",1748851204307000]]', 1748851204378244, 1748851204378244, 3, 100, NULL);
INSERT INTO feed VALUES (2, 1, 'contacts', 1748851203000000, 2, 4, 1748851204308000, 0, 1748851200770000, 1, NULL, '[["cbq66wuuhm2y88830bi3olrfu",1748851204308000],["clyyuebww7y4dx5dyhlgf20ns",1748851200770000]]', 1748851204429863, 1748851204429864, 2, 100, NULL);
INSERT INTO feed VALUES (3, 2, 'inbox/leads', 1748851203306925, 2, 0, NULL, 0, NULL, 0, NULL, '[]', NULL, NULL, NULL, NULL, NULL);
INSERT INTO feed VALUES (4, 2, 'events', 1748851203369352, 2, 0, NULL, 0, NULL, 0, NULL, '[]', NULL, NULL, NULL, NULL, NULL);
INSERT INTO change VALUES (1, 2, 'clyyuebww7y4dx5dyhlgf20ns', '2025-06-02T08:00:00.770Z', x'0117fe754c9453d8cfdf2f4a8f6dba563e0f901741e6444333c114f80e7cc5e9', 'updated', 1, 1, NULL, 0, NULL, 1748851203315597, 0, 0, x'7b226964223a22636c797975656277773779346478356479686c676632306e73222c2266697273744e616d65223a22416e6e222c226c6173744e616d65223a224b6e6f776e222c22656d61696c223a6e756c6c2c2270686f6e65223a6e756c6c2c227469746c65223a6e756c6c2c22636f6d70616e794964223a6e756c6c2c22637265617465644174223a22323032352d30362d30325430383a30303a30302e3737305a222c22757064617465644174223a22323032352d30362d30325430383a30303a30302e3737305a222c22636f6d70616e794e616d65223a6e756c6c7d');
INSERT INTO change VALUES (2, 1, 'c10jrf7aluirg5y37oxq6pq32', '2025-06-02T08:00:04.000Z', x'd9261d392ace0b493d5b8a23088e5a954cfebd5dd5a3251fd3cc870e607f111a', 'created', 1, 0, NULL, 0, NULL, 1748851204150167, 0, 0, x'7b226964223a226331306a726637616c75697267357933376f78713670713332222c226e616d65223a2246696e65222c22616d6f756e74223a3530302c2263757272656e6379223a6e756c6c2c2273746167654964223a226373763234327a7832326c6567376c676f3478633970793834222c22636f6d70616e794964223a6e756c6c2c22636f6e746163744964223a6e756c6c2c22637265617465644174223a22323032352d30362d30325430383a30303a30342e3030305a222c22757064617465644174223a22323032352d30362d30325430383a30303a30342e3030305a222c22636f6d70616e794e616d65223a6e756c6c2c22636f6e746163744e616d65223a6e756c6c2c2273746167654e616d65223a224e6577227d');
INSERT INTO change VALUES (3, 1, 'c10jrf7aluirg5y37oxq6pq32', '2025-06-02T08:00:04.307Z', x'833ddd4a20ce6ea671198d4dfea450a09ab3f8737ff9548bd88d72522b5b7007', 'updated', 0, 0, 'stageId
stageName
updatedAt', 2, NULL, 1748851204383157, 0, 0, x'7b226964223a226331306a726637616c75697267357933376f78713670713332222c226e616d65223a2246696e65222c22616d6f756e74223a3530302c2263757272656e6379223a6e756c6c2c2273746167654964223a22636d35736874393075687733646f363235786c38646e6a3076222c22636f6d70616e794964223a6e756c6c2c22636f6e746163744964223a6e756c6c2c22637265617465644174223a22323032352d30362d30325430383a30303a30342e3030305a222c22757064617465644174223a22323032352d30362d30325430383a30303a30342e3330375a222c22636f6d70616e794e616d65223a6e756c6c2c22636f6e746163744e616d65223a6e756c6c2c2273746167654e616d65223a22576f6e227d');
INSERT INTO change VALUES (4, 1, 'cyp2hjybjza08r38y3wizqk6r', '2025-06-02T08:00:04.307Z', x'bd05f4c8dec1010e8bf7245390bff8b6fdaf4218774e43e97f7d7bb6efdb9897', 'created', 1, 0, NULL, 0, NULL, 1748851204383157, 0, 0, x'7b226964223a2263797032686a79626a7a613038723338793377697a716b3672222c226e616d65223a225061726b6564222c22616d6f756e74223a3730302c2263757272656e6379223a6e756c6c2c2273746167654964223a226373763234327a7832326c6567376c676f3478633970793834222c22636f6d70616e794964223a6e756c6c2c22636f6e746163744964223a6e756c6c2c22637265617465644174223a22323032352d30362d30325430383a30303a30342e3330375a222c22757064617465644174223a22323032352d30362d30325430383a30303a30342e3330375a222c22636f6d70616e794e616d65223a6e756c6c2c22636f6e746163744e616d65223a6e756c6c2c2273746167654e616d65223a224e6577227d');
INSERT INTO change VALUES (5, 1, 'cd9forui8onrxsx29nh5c4pxu', '2025-06-02T08:00:04.308Z', x'0864095562f8f1394196a6439f0e12aebd774b0e3fd1c7aba291d87ed701cd9a', 'created', 1, 0, NULL, 0, NULL, 1748851204383157, 0, 0, x'7b226964223a22636439666f727569386f6e7278737832396e68356334707875222c226e616d65223a2244656164222c22616d6f756e74223a3930302c2263757272656e6379223a6e756c6c2c2273746167654964223a226373763234327a7832326c6567376c676f3478633970793834222c22636f6d70616e794964223a6e756c6c2c22636f6e746163744964223a6e756c6c2c22637265617465644174223a22323032352d30362d30325430383a30303a30342e3330385a222c22757064617465644174223a22323032352d30362d30325430383a30303a30342e3330385a222c22636f6d70616e794e616d65223a6e756c6c2c22636f6e746163744e616d65223a6e756c6c2c2273746167654e616d65223a224e6577227d');
INSERT INTO change VALUES (6, 2, 'cbq66wuuhm2y88830bi3olrfu', '2025-06-02T08:00:04.308Z', x'0ad1e1f697574bd047f89c6cc54affa0d9e2278035227b24d233debae6469b11', 'created', 1, 0, NULL, 0, NULL, 1748851204431178, 0, 0, x'7b226964223a226362713636777575686d327938383833306269336f6c726675222c2266697273744e616d65223a2242656e222c226c6173744e616d65223a225761697473222c22656d61696c223a6e756c6c2c2270686f6e65223a6e756c6c2c227469746c65223a6e756c6c2c22636f6d70616e794964223a6e756c6c2c22637265617465644174223a22323032352d30362d30325430383a30303a30342e3330385a222c22757064617465644174223a22323032352d30362d30325430383a30303a30342e3330385a222c22636f6d70616e794e616d65223a6e756c6c7d');
INSERT INTO change VALUES (7, 3, 'e1ca06d0-8c19-4a3d-8258-0157b50d9fa5', 'e1ca06d0-8c19-4a3d-8258-0157b50d9fa5', x'568eba851e5ba9408788874c80bf4894b1fef58baf02c0279f1f82504c460adc', 'created', 1, 0, NULL, 0, NULL, 1748851204514644, 0, 0, x'7b22656d61696c223a2263656d406578616d706c652e636f6d227d');
INSERT INTO mirror VALUES (1, 'c10jrf7aluirg5y37oxq6pq32', 3, x'33c94d19ece0c4000f39704d25d5040953a6e94c8a67bb4fb0fb00c4034b747d', x'd83d8b8cb13617479a23f8a67afda7e65d5742337345c71c38bdcb346defbde3');
INSERT INTO mirror VALUES (1, 'cd9forui8onrxsx29nh5c4pxu', 5, x'65d3db1ccd10b158207285cada43bb4d9c3a03ff720f6f74fee50e90cbd60102', x'9946c073e82dcc916304033fd5bb5289');
INSERT INTO mirror VALUES (1, 'cyp2hjybjza08r38y3wizqk6r', 4, x'2570811d6381f88cf507628fe199b61237662c65a1861accba741c2d8d40ed88', x'02863acd207fc9a55a948961be152373');
INSERT INTO mirror VALUES (2, 'cbq66wuuhm2y88830bi3olrfu', 6, x'776662e0c3d5fb3b2b4c814053bdd9786542cbe913d16a360754f73a6fb09cb7', x'fc6fd2cadb8d3263aae425b80c9e1cd0');
INSERT INTO mirror VALUES (2, 'clyyuebww7y4dx5dyhlgf20ns', 1, x'256a2f4653f58b66d86652ee4db88ac4e3f701bd2d29efd96c4908aecd58e6a8', x'6c7af73db3bdac3423ec1fb8d7cb59d6');
INSERT INTO gap VALUES (1, 1, 1748851200000000, 1748851210000000, 'the page was full, and its oldest row was too new', 1748851204707648, NULL, NULL);
INSERT INTO subscription VALUES (1, 'sales', 'deal-won-to-erp', 'deal-won-to-erp', 1, 'NOW', 5, '', 'ACTIVE', NULL, 1748851203169973, 4, 0, 1748851204413794, 1748851203879657, NULL);
INSERT INTO subscription VALUES (2, 'sales', 'deals-to-shop', 'deals-to-shop', 1, 'NOW', 5, '', 'ACTIVE', NULL, 1748851203214475, 2, 0, 1748851204393577, 1748851203934455, NULL);
INSERT INTO subscription VALUES (3, 'sales', 'contacts-to-shop', 'contacts-to-shop', 2, 'NOW', 0, '', 'PAUSED', 'paused by a person', 1748851203572898, 0, 0, NULL, 1748851203943165, NULL);
INSERT INTO subscription VALUES (4, 'sales', 'leads', 'leads', 3, 'BEGINNING', 7, '', 'ACTIVE', NULL, 1748851203328800, 0, 0, NULL, 1748851203955439, NULL);
INSERT INTO parked VALUES (2, 4, 'cyp2hjybjza08r38y3wizqk6r', 0, 1, 1748851205391799, 'hook shop answered 503', '');
INSERT INTO parked VALUES (4, 7, 'e1ca06d0-8c19-4a3d-8258-0157b50d9fa5', 0, 1, 1748851205364843, 'hook leads answered 503', '');
INSERT INTO dead_letter VALUES (1, 2, 5, 'cd9forui8onrxsx29nh5c4pxu', 1, 'hook shop answered 422', '', 1748851204426138, 'DEAD', 1748851204426141);
INSERT INTO route VALUES ('sales', 'deal-won-to-erp', NULL, 0, 1748851203958945);
INSERT INTO route VALUES ('sales', 'deals-to-shop', NULL, 0, 1748851203960180);
INSERT INTO route VALUES ('sales', 'contacts-to-shop', NULL, 1, 1748851203962372);
INSERT INTO route VALUES ('sales', 'leads', NULL, 0, 1748851203962675);
INSERT INTO intent VALUES (1, 1, x'd135f40cfcde034bbe1aa46a6f6864df', 'contacts', 'create', 'leads', x'c8cf6521c193fc743c7fadcd8be04e98', 'UNKNOWN', 'the answer was lost', 1748851204711854, 1748851204736966, 1748851204730513, 1, NULL, '', 0, 0, x'7b22656d61696c223a2264616e406578616d706c652e636f6d227d', NULL);
INSERT INTO inbox VALUES (3, 1, 0, 0, 0);
INSERT INTO sqlite_sequence VALUES ('subscription', 4);
INSERT INTO sqlite_sequence VALUES ('change', 7);
INSERT INTO sqlite_sequence VALUES ('dead_letter', 1);
INSERT INTO sqlite_sequence VALUES ('gap', 1);
INSERT INTO sqlite_sequence VALUES ('intent', 1);
CREATE INDEX change_by_feed ON change (feed_id, seq);
CREATE INDEX dead_letter_by_seq ON dead_letter (seq);
CREATE INDEX export_file_by_slot ON export_file (slot, state);
CREATE INDEX "flyway_schema_history_s_idx" ON "flyway_schema_history" ("success");
CREATE INDEX inbox_key_by_age ON inbox_key (feed_id, kind, seen_at);
CREATE INDEX intent_by_natural_key ON intent (source_id, resource, natural_key);
CREATE INDEX intent_by_record ON intent (source_id, resource, state, record_id);
CREATE INDEX intent_by_state ON intent (source_id, state, resource, state_since);
CREATE INDEX intent_in_state ON intent (state, id);
CREATE INDEX intent_sent_again ON intent (source_id, state_since) WHERE sends > 1;
CREATE INDEX seed_by_source ON seed (source_id, loaded_at);
