package io.crmbridge.sandbox;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link Sandbox} starts.
 *
 * @param port port of the CRM, its control API and its page; 0 takes any free one
 * @param receiverPort port of the webhook receiver; 0 takes any free one
 * @param mailPort port of the mail server; 0 takes any free one
 * @param imapPort port where mails to {@link Mailbox#READ_ADDRESS} are read; 0 takes any free one
 * @param intellivizzPort port of Intellivizz; 0 takes any free one, when it is first asked for
 * @param clock gives every stamp and every HTTP {@code Date} header
 * @param seedRecords records of each resource in a new workspace, with a few sequences; 0 leaves it empty
 * @param seed makes ids, seed data and activity the same in every run
 * @param ids what the ids of new workspaces look like
 * @param sendEach how often, in real time, the sequences send what is due by the clock; zero: only when they are told to
 */
public record SandboxOptions(
        int port,
        int receiverPort,
        int mailPort,
        int imapPort,
        int intellivizzPort,
        Clock clock,
        int seedRecords,
        long seed,
        IdStyle ids,
        Duration sendEach) {
    public SandboxOptions {
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(ids, "ids");
        requirePort("port", port);
        requirePort("receiverPort", receiverPort);
        requirePort("mailPort", mailPort);
        requirePort("imapPort", imapPort);
        requirePort("intellivizzPort", intellivizzPort);
        if (seedRecords < 0) {
            throw new IllegalArgumentException("seedRecords must not be negative, and is " + seedRecords);
        }
        if (sendEach.isNegative()) {
            throw new IllegalArgumentException("sendEach must not be negative, and is " + sendEach);
        }
    }

    /** Free ports, the system's UTC clock, no records, seed 1, cuids, and sequences that send each 500 ms. */
    public static SandboxOptions defaults() {
        return new SandboxOptions(0, 0, 0, 0, 0, Clock.systemUTC(), 0, 1, IdStyle.CUID, Duration.ofMillis(500));
    }

    public SandboxOptions withPort(int newPort) {
        return new SandboxOptions(
                newPort, receiverPort, mailPort, imapPort, intellivizzPort, clock, seedRecords, seed, ids, sendEach);
    }

    public SandboxOptions withReceiverPort(int newReceiverPort) {
        return new SandboxOptions(
                port, newReceiverPort, mailPort, imapPort, intellivizzPort, clock, seedRecords, seed, ids, sendEach);
    }

    public SandboxOptions withMailPort(int newMailPort) {
        return new SandboxOptions(
                port, receiverPort, newMailPort, imapPort, intellivizzPort, clock, seedRecords, seed, ids, sendEach);
    }

    public SandboxOptions withImapPort(int newImapPort) {
        return new SandboxOptions(
                port, receiverPort, mailPort, newImapPort, intellivizzPort, clock, seedRecords, seed, ids, sendEach);
    }

    public SandboxOptions withIntellivizzPort(int newPort) {
        return new SandboxOptions(
                port, receiverPort, mailPort, imapPort, newPort, clock, seedRecords, seed, ids, sendEach);
    }

    public SandboxOptions withClock(Clock newClock) {
        return new SandboxOptions(
                port, receiverPort, mailPort, imapPort, intellivizzPort, newClock, seedRecords, seed, ids, sendEach);
    }

    public SandboxOptions withSeedRecords(int newSeedRecords) {
        return new SandboxOptions(
                port, receiverPort, mailPort, imapPort, intellivizzPort, clock, newSeedRecords, seed, ids, sendEach);
    }

    public SandboxOptions withSeed(long newSeed) {
        return new SandboxOptions(
                port, receiverPort, mailPort, imapPort, intellivizzPort, clock, seedRecords, newSeed, ids, sendEach);
    }

    public SandboxOptions withIds(IdStyle newIds) {
        return new SandboxOptions(
                port, receiverPort, mailPort, imapPort, intellivizzPort, clock, seedRecords, seed, newIds, sendEach);
    }

    public SandboxOptions withSendEach(Duration newSendEach) {
        return new SandboxOptions(
                port, receiverPort, mailPort, imapPort, intellivizzPort, clock, seedRecords, seed, ids, newSendEach);
    }

    private static void requirePort(String name, int value) {
        if (value < 0 || value > 65_535) {
            throw new IllegalArgumentException(name + " must be between 0 and 65535, and is " + value);
        }
    }
}
