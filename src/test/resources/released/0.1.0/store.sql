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
INSERT INTO flyway_schema_history VALUES (1, '1', 'store', 'SQL', 'V1__store.sql', 498740265, '', '2026-11-26 07:41:21.374', 11, 1);
INSERT INTO flyway_schema_history VALUES (2, '2', 'schedules and keys', 'SQL', 'V2__schedules_and_keys.sql', 1965907890, '', '2026-11-26 07:41:21.403', 1, 1);
INSERT INTO flyway_schema_history VALUES (3, '3', 'fires tried again', 'SQL', 'V3__fires_tried_again.sql', -1802609994, '', '2026-11-26 07:41:21.421', 1, 1);
INSERT INTO flyway_schema_history VALUES (4, '4', 'intents', 'SQL', 'V4__intents.sql', 530273662, '', '2026-11-26 07:41:21.440', 1, 1);
INSERT INTO flyway_schema_history VALUES (5, '5', 'inboxes', 'SQL', 'V5__inboxes.sql', -503287828, '', '2026-11-26 07:41:21.454', 0, 1);
INSERT INTO flyway_schema_history VALUES (6, '6', 'intent indexes', 'SQL', 'V6__intent_indexes.sql', -279705104, '', '2026-11-26 07:41:21.475', 5, 1);
INSERT INTO flyway_schema_history VALUES (7, '7', 'seeds', 'SQL', 'V7__seeds.sql', 1188717521, '', '2026-11-26 07:41:21.486', 3, 1);
INSERT INTO flyway_schema_history VALUES (8, '8', 'quotas', 'SQL', 'V8__quotas.sql', -988815356, '', '2026-11-26 07:41:21.493', 1, 1);
INSERT INTO flyway_schema_history VALUES (9, '9', 'tokens', 'SQL', 'V9__tokens.sql', 914999119, '', '2026-11-26 07:41:21.504', 0, 1);
INSERT INTO source VALUES (1, 'default', 'impactiveai', 'ws_sandbox', 'Sandbox workspace', 'OK', NULL, 1748851204210901);
INSERT INTO source VALUES (2, '(bridge)', '(bridge)', NULL, NULL, 'NEW', NULL, 1748851204574506);
INSERT INTO feed VALUES (1, 1, 'deals', 1748851204000000, 3, 4, 1748851205278000, 0, NULL, 1, NULL, '[["c10jrf7aluirg5y37oxq6pq32",1748851205278000],["cd9forui8onrxsx29nh5c4pxu",1748851205278000],["cyp2hjybjza08r38y3wizqk6r",1748851205278000]]', 1748851205480859, 1748851205480860, 3, 100, NULL);
INSERT INTO feed VALUES (2, 1, 'contacts', 1748851204000000, 2, 3, 1748851205279000, 0, 1748851200771000, 1, NULL, '[["cbq66wuuhm2y88830bi3olrfu",1748851205279000],["clyyuebww7y4dx5dyhlgf20ns",1748851200771000]]', 1748851205290688, 1748851205290689, 1, 100, NULL);
INSERT INTO feed VALUES (3, 2, 'inbox/leads', 1748851204581260, 2, 0, NULL, 0, NULL, 0, NULL, '[]', NULL, NULL, NULL, NULL, NULL);
INSERT INTO feed VALUES (4, 2, 'events', 1748851204612857, 2, 0, NULL, 0, NULL, 0, NULL, '[]', NULL, NULL, NULL, NULL, NULL);
INSERT INTO change VALUES (1, 2, 'clyyuebww7y4dx5dyhlgf20ns', '2025-06-02T08:00:00.771Z', x'891de1a9ea3091036fd65c425cd1ffd9555c7c8e017b93d95cf3bbc4cc37f850', 'updated', 1, 1, NULL, 0, NULL, 1748851204586629, 0, 0, x'7b226964223a22636c797975656277773779346478356479686c676632306e73222c2266697273744e616d65223a22416e6e222c226c6173744e616d65223a224b6e6f776e222c22656d61696c223a6e756c6c2c2270686f6e65223a6e756c6c2c227469746c65223a6e756c6c2c22636f6d70616e794964223a6e756c6c2c22637265617465644174223a22323032352d30362d30325430383a30303a30302e3737315a222c22757064617465644174223a22323032352d30362d30325430383a30303a30302e3737315a222c22636f6d70616e794e616d65223a6e756c6c7d');
INSERT INTO change VALUES (2, 1, 'c10jrf7aluirg5y37oxq6pq32', '2025-06-02T08:00:05.073Z', x'4785fee7c6af244a12d1235e7fac9febc202e93214afe58ce170f043ee966824', 'created', 1, 0, NULL, 0, NULL, 1748851205211198, 0, 0, x'7b226964223a226331306a726637616c75697267357933376f78713670713332222c226e616d65223a2246696e65222c22616d6f756e74223a3530302c2263757272656e6379223a6e756c6c2c2273746167654964223a226373763234327a7832326c6567376c676f3478633970793834222c22636f6d70616e794964223a6e756c6c2c22636f6e746163744964223a6e756c6c2c22637265617465644174223a22323032352d30362d30325430383a30303a30352e3037335a222c22757064617465644174223a22323032352d30362d30325430383a30303a30352e3037335a222c22636f6e746163744e616d65223a6e756c6c2c22636f6d70616e794e616d65223a6e756c6c2c2273746167654e616d65223a224e6577227d');
INSERT INTO change VALUES (3, 2, 'cbq66wuuhm2y88830bi3olrfu', '2025-06-02T08:00:05.279Z', x'17b6f4d1a8d40004322b52acabe0071419d128d89b65eebad454c8f8819ce40c', 'created', 1, 0, NULL, 0, NULL, 1748851205299662, 0, 0, x'7b226964223a226362713636777575686d327938383833306269336f6c726675222c2266697273744e616d65223a2242656e222c226c6173744e616d65223a225761697473222c22656d61696c223a6e756c6c2c2270686f6e65223a6e756c6c2c227469746c65223a6e756c6c2c22636f6d70616e794964223a6e756c6c2c22637265617465644174223a22323032352d30362d30325430383a30303a30352e3237395a222c22757064617465644174223a22323032352d30362d30325430383a30303a30352e3237395a222c22636f6d70616e794e616d65223a6e756c6c7d');
INSERT INTO change VALUES (4, 1, 'c10jrf7aluirg5y37oxq6pq32', '2025-06-02T08:00:05.278Z', x'136429a05b64a67344b61f0f67f2b43ea472e6ea8a40e6412aafb706e99d32cc', 'updated', 0, 0, 'stageId
stageName
updatedAt', 2, NULL, 1748851205483528, 0, 0, x'7b226964223a226331306a726637616c75697267357933376f78713670713332222c226e616d65223a2246696e65222c22616d6f756e74223a3530302c2263757272656e6379223a6e756c6c2c2273746167654964223a22636d35736874393075687733646f363235786c38646e6a3076222c22636f6d70616e794964223a6e756c6c2c22636f6e746163744964223a6e756c6c2c22637265617465644174223a22323032352d30362d30325430383a30303a30352e3037335a222c22757064617465644174223a22323032352d30362d30325430383a30303a30352e3237385a222c22636f6e746163744e616d65223a6e756c6c2c22636f6d70616e794e616d65223a6e756c6c2c2273746167654e616d65223a22576f6e227d');
INSERT INTO change VALUES (5, 1, 'cyp2hjybjza08r38y3wizqk6r', '2025-06-02T08:00:05.278Z', x'002c2648485de0673c568f5c4ff8e83d8aae6b4dace3b97605e4e5f03ca04cb8', 'created', 1, 0, NULL, 0, NULL, 1748851205483528, 0, 0, x'7b226964223a2263797032686a79626a7a613038723338793377697a716b3672222c226e616d65223a225061726b6564222c22616d6f756e74223a3730302c2263757272656e6379223a6e756c6c2c2273746167654964223a226373763234327a7832326c6567376c676f3478633970793834222c22636f6d70616e794964223a6e756c6c2c22636f6e746163744964223a6e756c6c2c22637265617465644174223a22323032352d30362d30325430383a30303a30352e3237385a222c22757064617465644174223a22323032352d30362d30325430383a30303a30352e3237385a222c22636f6e746163744e616d65223a6e756c6c2c22636f6d70616e794e616d65223a6e756c6c2c2273746167654e616d65223a224e6577227d');
INSERT INTO change VALUES (6, 1, 'cd9forui8onrxsx29nh5c4pxu', '2025-06-02T08:00:05.278Z', x'2e02fa85ac3bbee92ef288b2ea3673852855f6656076c6889f8abec96fd22891', 'created', 1, 0, NULL, 0, NULL, 1748851205483528, 0, 0, x'7b226964223a22636439666f727569386f6e7278737832396e68356334707875222c226e616d65223a2244656164222c22616d6f756e74223a3930302c2263757272656e6379223a6e756c6c2c2273746167654964223a226373763234327a7832326c6567376c676f3478633970793834222c22636f6d70616e794964223a6e756c6c2c22636f6e746163744964223a6e756c6c2c22637265617465644174223a22323032352d30362d30325430383a30303a30352e3237385a222c22757064617465644174223a22323032352d30362d30325430383a30303a30352e3237385a222c22636f6e746163744e616d65223a6e756c6c2c22636f6d70616e794e616d65223a6e756c6c2c2273746167654e616d65223a224e6577227d');
INSERT INTO change VALUES (7, 3, '2a774f44-93d6-4634-aaef-7ebb6bf439a2', '2a774f44-93d6-4634-aaef-7ebb6bf439a2', x'568eba851e5ba9408788874c80bf4894b1fef58baf02c0279f1f82504c460adc', 'created', 1, 0, NULL, 0, NULL, 1748851205569955, 0, 0, x'7b22656d61696c223a2263656d406578616d706c652e636f6d227d');
INSERT INTO mirror VALUES (1, 'c10jrf7aluirg5y37oxq6pq32', 4, x'58952e1b8c00ecfdeb98fd78ce901e49b6dd97b2fe28f48cb550197f0ecc2448', x'652a681a9a55e569230164dca6a27f6440fbbc1e08a1d122f994c939e837ba9b');
INSERT INTO mirror VALUES (1, 'cd9forui8onrxsx29nh5c4pxu', 6, x'62fe58eddea9a800d701544b6bca95cc98a7ac71d902605dc055aeca961af7f3', x'c072cf61a2e7e5516cace3ee5a8295ac');
INSERT INTO mirror VALUES (1, 'cyp2hjybjza08r38y3wizqk6r', 5, x'1814cbd1eb712818fc6db3dfd0256f36bcdf86e499c609dd903be75f953b478d', x'd06ce5ac66b7730c4430a2a046b088b2');
INSERT INTO mirror VALUES (2, 'cbq66wuuhm2y88830bi3olrfu', 3, x'3be63a1861f84cbbaab7320eec7189ba64f03ba125f33faaee3286c97660273c', x'3c67906f54a09720d0c4e6308cdfd943');
INSERT INTO mirror VALUES (2, 'clyyuebww7y4dx5dyhlgf20ns', 1, x'13731e3bc73dc9331a3101e02a13f28de8de2da01ec8b2b82fec4bc2c0dd760c', x'1ed05f3182dce1fe37a83418d04c4442');
INSERT INTO gap VALUES (1, 1, 1748851200000000, 1748851210000000, 'the page was full, and its oldest row was too new', 1748851205841700, NULL, NULL);
INSERT INTO subscription VALUES (1, 'sales', 'deal-won-to-erp', 'deal-won-to-erp', 1, 'NOW', 6, '', 'ACTIVE', NULL, 1748851204369744, 4, 0, 1748851205560284, 1748851204977372, NULL);
INSERT INTO subscription VALUES (2, 'sales', 'deals-to-shop', 'deals-to-shop', 1, 'NOW', 6, '', 'ACTIVE', NULL, 1748851204425824, 2, 0, 1748851205511452, 1748851204989453, NULL);
INSERT INTO subscription VALUES (3, 'sales', 'contacts-to-shop', 'contacts-to-shop', 2, 'NOW', 0, '', 'PAUSED', 'paused by a person', 1748851204768313, 0, 0, NULL, 1748851205007084, NULL);
INSERT INTO subscription VALUES (4, 'sales', 'leads', 'leads', 3, 'BEGINNING', 7, '', 'ACTIVE', NULL, 1748851204592291, 0, 0, NULL, 1748851205034476, NULL);
INSERT INTO parked VALUES (2, 5, 'cyp2hjybjza08r38y3wizqk6r', 0, 1, 1748851206346537, 'hook shop answered 503', '');
INSERT INTO parked VALUES (4, 7, '2a774f44-93d6-4634-aaef-7ebb6bf439a2', 0, 1, 1748851206517869, 'hook leads answered 503', '');
INSERT INTO dead_letter VALUES (1, 2, 6, 'cd9forui8onrxsx29nh5c4pxu', 1, 'hook shop answered 422', '', 1748851205507038, 'DEAD', 1748851205507040);
INSERT INTO route VALUES ('sales', 'deal-won-to-erp', NULL, 0, 1748851205046708);
INSERT INTO route VALUES ('sales', 'deals-to-shop', NULL, 0, 1748851205047160);
INSERT INTO route VALUES ('sales', 'contacts-to-shop', NULL, 1, 1748851205047351);
INSERT INTO route VALUES ('sales', 'leads', NULL, 0, 1748851205047528);
INSERT INTO intent VALUES (1, 1, x'd135f40cfcde034bbe1aa46a6f6864df', 'contacts', 'create', 'leads', x'c8cf6521c193fc743c7fadcd8be04e98', 'UNKNOWN', 'the answer was lost', 1748851205852135, 1748851205887592, 1748851205881154, 1, NULL, '', 0, 0, x'7b22656d61696c223a2264616e406578616d706c652e636f6d227d', NULL);
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
