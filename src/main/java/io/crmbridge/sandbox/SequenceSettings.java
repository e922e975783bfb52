package io.crmbridge.sandbox;

/**
 * What a caller sets of a sequence.
 *
 * @param sendingAccountId null: "the platform default sender"
 */
record SequenceSettings(String name, String description, SequenceStatus status, String sendingAccountId) {}
