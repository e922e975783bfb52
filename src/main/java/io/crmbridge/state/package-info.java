/**
 * The store: change log, mirror, proven points, gaps, subscriptions, dead letters, ledger of exports.
 *
 * <p>Everything durable goes through one writing thread with group commit. What must survive a power cut (changes,
 * gaps, exports) is committed with an fsync; places of subscriptions are committed without one, because losing the
 * last few only repeats a delivery with the same key. java.sql and Jdbi are used in this room alone.
 *
 * <p>SQL is the same for SQLite and PostgreSQL; what is not stands in a {@code Dialect}. A PostgreSQL database is shared: its
 * writer's transactions check a {@code Lease}, and numbers of the log come from a row whose lock orders them.
 */
package io.crmbridge.state;
