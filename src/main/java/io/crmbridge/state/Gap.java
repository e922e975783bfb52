package io.crmbridge.state;

import java.time.Instant;
import java.util.Optional;

/** A time interval of a feed that could not be proven. It closes by evidence only, never by itself. */
public record Gap(
        long id,
        String connection,
        String feed,
        Instant from,
        Instant to,
        String reason,
        Instant openedAt,
        Optional<Instant> closedAt,
        Optional<String> evidence) {}
