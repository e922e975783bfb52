-- What is asked for again and again of a table that only grows.
CREATE INDEX intent_sent_again ON intent (source_id, state_since) WHERE sends > 1;
CREATE INDEX intent_by_record ON intent (source_id, resource, record_id);
