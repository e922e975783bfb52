-- V1
INSERT INTO source (connection, type, workspace_id, workspace_name, state, state_since)
  VALUES ('default', 'impactiveai', 'ws_1', 'Example', 'OK', 1767258000000000);
INSERT INTO feed (source_id, name, started_at, lease, polls, proven, history_from, anchors, last_poll_at, fresh_at, page_rows, page_cap)
  VALUES (1, 'deals', 1767258000000000, 3, 40, 1767261600000000, 1767254400000000, '[["d6",1767261600000000]]', 1767261660000000, 1767261660000000, 1, 100);
INSERT INTO change (seq, feed_id, record_id, version, hash, kind, first_seen, baseline, changed_fields, previous, observed_at, body)
  VALUES (1, 1, 'd1', '2026-01-01T09:00:00.000Z', x'01', 'created', TRUE, FALSE, NULL, 0, 1767258060000000, x'7b226964223a226431227d');
INSERT INTO change (seq, feed_id, record_id, version, hash, kind, first_seen, baseline, changed_fields, previous, observed_at, body)
  VALUES (2, 1, 'd2', '2026-01-01T09:01:00.000Z', x'02', 'created', TRUE, FALSE, NULL, 0, 1767258120000000, x'7b226964223a226432227d');
INSERT INTO change (seq, feed_id, record_id, version, hash, kind, first_seen, baseline, changed_fields, previous, observed_at, body)
  VALUES (3, 1, 'd3', '2026-01-01T09:02:00.000Z', x'03', 'created', TRUE, FALSE, NULL, 0, 1767258180000000, x'7b226964223a226433227d');
INSERT INTO change (seq, feed_id, record_id, version, hash, kind, first_seen, baseline, changed_fields, previous, observed_at, body)
  VALUES (4, 1, 'd4', '2026-01-01T09:03:00.000Z', x'04', 'created', TRUE, FALSE, NULL, 0, 1767258240000000, x'7b226964223a226434227d');
INSERT INTO change (seq, feed_id, record_id, version, hash, kind, first_seen, baseline, changed_fields, previous, observed_at, body)
  VALUES (5, 1, 'd1', '2026-01-01T09:30:00.000Z', x'05', 'updated', FALSE, FALSE, 'stageName', 1, 1767259800000000, x'7b226964223a226431222c2273746167654e616d65223a22576f6e227d');
INSERT INTO change (seq, feed_id, record_id, version, hash, kind, first_seen, baseline, changed_fields, previous, observed_at, body)
  VALUES (6, 1, 'd6', '2026-01-01T10:00:00.000Z', x'06', 'created', TRUE, FALSE, NULL, 0, 1767261660000000, x'7b226964223a226436227d');
INSERT INTO mirror (feed_id, record_id, seq, raw_hash, recent) VALUES (1, 'd1', 5, x'15', x'');
INSERT INTO mirror (feed_id, record_id, seq, raw_hash, recent) VALUES (1, 'd2', 2, x'12', x'');
INSERT INTO gap (feed_id, from_at, to_at, reason, opened_at)
  VALUES (1, 1767259000000000, 1767259500000000, 'the page was full', 1767259800000000);
INSERT INTO quarantine (feed_id, hash, reason, first_seen, last_seen, body)
  VALUES (1, x'aa', 'no id', 1767258060000000, 1767258060000000, x'7b7d');
INSERT INTO subscription (bundle, name, route_id, feed_id, start_from, position, done_above, state, state_since, delivered, last_started_at)
  VALUES ('default', 'deal-won-to-erp', 'deal-won-to-erp', 1, 'NOW', 4, '6', 'ACTIVE', 1767258000000000, 3, 1767258000000000);
INSERT INTO parked (subscription_id, seq, record_id, batch, attempts, next_try_at, reason, effects)
  VALUES (1, 2, 'd2', 0, 3, 1767261900000000, 'the target answered 503', 'effect1');
INSERT INTO dead_letter (subscription_id, seq, record_id, attempts, reason, died_at, state, state_since)
  VALUES (1, 3, 'd3', 1, 'the target answered 422', 1767258200000000, 'DEAD', 1767258200000000);
INSERT INTO export_file (slot, path, state, bytes, entries, opened_at)
  VALUES ('default/deals', 'deals-2026-01-01.csv', 'OPEN', 120, 2, 1767258060000000);
INSERT INTO export_key (key_hash, file_id) VALUES (x'0a0b', 1);
INSERT INTO route (bundle, route_id, paused, seen_at) VALUES ('default', 'deal-won-to-erp', FALSE, 1767258000000000);
INSERT INTO route (bundle, route_id, paused, seen_at) VALUES ('default', 'contacts-to-csv', TRUE, 1767258000000000);
INSERT INTO command (name, argument, asked_at) VALUES ('pause', 'deal-won-to-erp', 1767258000000000);
-- V2
INSERT INTO schedule (bundle, route_id, since, due_at, fired_at, failure, next_at)
  VALUES ('default', 'deals-report', 1767258000000000, 1767261600000000, 1767261600000000, 'no mail server', 1767348000000000);
INSERT INTO seen_key (scope, key_hash, seen_at) VALUES ('default/invoices-overdue', x'0c0d', 1767258000000000);
INSERT INTO expired_place (bundle, name, route_id, feed_id, position, parked, dead, last_started_at, expired_at)
  VALUES ('default', 'old', 'old', 1, 1, 2, 3, 1764579600000000, 1767258000000000);
-- V3
UPDATE schedule SET attempts = 2, effects = 'effect2';
-- V4
INSERT INTO intent (source_id, key_hash, resource, operation, route_id, natural_key, state, reason, planned_at, state_since, sent_at, sends, request)
  VALUES (1, x'0e01', 'contacts', 'create', 'leads', x'0f01', 'UNKNOWN', 'the answer was lost', 1767258000000000, 1767258040000000, 1767258001000000, 1, x'7b7d');
INSERT INTO intent (source_id, key_hash, resource, operation, route_id, natural_key, state, planned_at, state_since, request)
  VALUES (1, x'0e02', 'enrollments', 'enroll', 'leads', x'0f02', 'PLANNED', 1767258000000000, 1767258000000000, x'7b7d');
INSERT INTO suppression (source_id, sequence, subject_hash, reason, since)
  VALUES (1, '*', x'0f03', 'unsubscribed', 1767258000000000);
-- V5
INSERT INTO source (connection, type, state, state_since) VALUES ('inbox', 'inbox', 'OK', 1767258000000000);
INSERT INTO feed (source_id, name, started_at) VALUES (2, 'leads', 1767258000000000);
INSERT INTO inbox (feed_id, accepted, duplicates, refused, dropped) VALUES (2, 1, 4, 2, 0);
INSERT INTO inbox_key (feed_id, kind, key_hash, receipt, seen_at) VALUES (2, 'ENTRY', x'0f04', 'r1', 1767261700000000);
INSERT INTO change (seq, feed_id, record_id, version, hash, kind, first_seen, baseline, changed_fields, previous, observed_at, body)
  VALUES (7, 2, 'r1', '1', x'07', 'created', TRUE, FALSE, NULL, 0, 1767261700000000, x'7b22656d61696c223a22616e6e406578616d706c652e636f6d227d');
-- V7
INSERT INTO seed (source_id, exported_at, contacts, loaded_at) VALUES (1, 1767258000000000, 1, 1767258600000000);
INSERT INTO seed_contact (seed_id, address_hash, record_id) VALUES (1, x'0f05', 'c1');
-- V8
INSERT INTO quota (source_id, limits, recent, share, refusals, saved_at, clean)
  VALUES (1, '30/10s', x'', 100, 0, 1767261600000000, TRUE);
INSERT INTO quota_minute (source_id, minute, calls) VALUES (1, 29454360, 12);
-- V9
INSERT INTO token (connection, app, access_token, refresh_token, issued_at, scopes, identity, user_type, state, version)
  VALUES ('shop', 'app', x'01', x'02', 1767258000000000, 'contacts.read', 'loc_1', 'Location', 'ACTIVE', 1);
