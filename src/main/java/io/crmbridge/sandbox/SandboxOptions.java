package io.crmbridge.sandbox;

import java.time.Clock;
import java.util.Objects;

/**
 * How a {@link Sandbox} starts.
 *
 * @param port port of the CRM, its control API and its page; 0 takes any free one
 * @param receiverPort port of the webhook receiver; 0 takes any free one
 * @param mailPort port of the mail server; 0 takes any free one
 * @param clock gives every stamp and every HTTP {@code Date} header
 * @param seedRecords records of each resource in a new workspace; 0 leaves it empty
 * @param seed makes ids, seed data and activity the same in every run
 */
public record SandboxOptions(int port, int receiverPort, int mailPort, Clock clock, int seedRecords, long seed) {
    public SandboxOptions {
        Objects.requireNonNull(clock, "clock");
        requirePort("port", port);
        requirePort("receiverPort", receiverPort);
        requirePort("mailPort", mailPort);
        if (seedRecords < 0) {
            throw new IllegalArgumentException("seedRecords must not be negative, and is " + seedRecords);
        }
    }

    /** Free ports, the system's UTC clock, no records, seed 1. */
    public static SandboxOptions defaults() {
        return new SandboxOptions(0, 0, 0, Clock.systemUTC(), 0, 1);
    }

    public SandboxOptions withPort(int newPort) {
        return new SandboxOptions(newPort, receiverPort, mailPort, clock, seedRecords, seed);
    }

    public SandboxOptions withReceiverPort(int newReceiverPort) {
        return new SandboxOptions(port, newReceiverPort, mailPort, clock, seedRecords, seed);
    }

    public SandboxOptions withMailPort(int newMailPort) {
        return new SandboxOptions(port, receiverPort, newMailPort, clock, seedRecords, seed);
    }

    public SandboxOptions withClock(Clock newClock) {
        return new SandboxOptions(port, receiverPort, mailPort, newClock, seedRecords, seed);
    }

    public SandboxOptions withSeedRecords(int newSeedRecords) {
        return new SandboxOptions(port, receiverPort, mailPort, clock, newSeedRecords, seed);
    }

    public SandboxOptions withSeed(long newSeed) {
        return new SandboxOptions(port, receiverPort, mailPort, clock, seedRecords, newSeed);
    }

    private static void requirePort(String name, int value) {
        if (value < 0 || value > 65_535) {
            throw new IllegalArgumentException(name + " must be between 0 and 65535, and is " + value);
        }
    }
}
