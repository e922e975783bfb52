-- What is asked for again and again of a table that only grows.
CREATE INDEX intent_sent_again ON intent (source_id, state_since) WHERE sends > 1;
CREATE INDEX intent_by_record ON intent (source_id, resource, state, record_id);
CREATE INDEX intent_in_state ON intent (state, id);
