package io.crmbridge.sandbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/**
 * One way to misbehave; the options combine, and each call returns this rule. Build it on one thread, then
 * {@link #arm()} it; an armed rule throws IllegalStateException when it is changed.
 *
 * <p>{@link #status}, {@link #body} and what builds on them answer <em>instead of</em> executing the request, so nothing is
 * created; with {@link #afterCommit()} the request is executed first and its true answer is thrown away.
 */
public final class Fault {
    private static final String JSON = "application/json";
    private static final byte[] LOGIN_PAGE =
            "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>"
                    .getBytes(StandardCharsets.UTF_8);

    private final Faults owner;
    private final String method;
    private final String pathPrefix;
    private final Lot lot = new Lot();
    private final AnswerChange answer = new AnswerChange();
    private final ListChange list = new ListChange();
    private boolean isArmed;
    private Duration delay = Duration.ZERO;
    private Duration delayBeforeCommit = Duration.ZERO;
    private boolean afterCommit;
    private boolean resetBeforeCommit;
    private boolean resetAfterCommit;
    private boolean resetEitherSide;
    private Duration commitLate = Duration.ZERO;

    Fault(Faults owner, String method, String pathPrefix) {
        this.owner = owner;
        this.method = Objects.requireNonNull(method, "method");
        this.pathPrefix = Objects.requireNonNull(pathPrefix, "pathPrefix");
    }

    /** Applies to so many requests, then never again. Without it: to all. */
    public Fault times(long count) {
        return with(() -> lot.times(atLeast(1, count, "times")));
    }

    /** Applies to every nth request only, in the order in which they come. */
    public Fault every(int nth) {
        return with(() -> lot.every((int) atLeast(1, nth, "every")));
    }

    /**
     * Applies with this probability. It is drawn from the seed and what is asked (method, path, query and body), so that the
     * same requests are struck in every run, in whatever order they come; the same request again is drawn again.
     */
    public Fault chance(double probability, long seed) {
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException("chance must be above 0 and at most 1, and is " + probability);
        }
        return with(() -> lot.chance(probability, seed));
    }

    /** Answers with this status, and a JSON error unless a body is given. */
    public Fault status(int code) {
        return with(() -> answer.status((int) atLeast(200, code, "status")));
    }

    /** Adds or replaces a header of the answer, Date included. */
    public Fault header(String name, String value) {
        return with(() -> answer.header(name, value));
    }

    /** Answers with these bytes; status 200 unless one is given. */
    public Fault body(byte[] bytes, String type) {
        byte[] copy = bytes.clone();
        return with(() -> answer.body(copy, type));
    }

    /** Answers with this text in UTF-8; status 200 unless one is given. */
    public Fault body(String text, String type) {
        return body(text.getBytes(StandardCharsets.UTF_8), type);
    }

    /** Answers with an HTML sign-in page, as a proxy or an expired session does; status 200 unless one is given. */
    public Fault html() {
        return body(LOGIN_PAGE, "text/html;charset=utf-8");
    }

    /** Status 200 with {@code {"error": sentence}}, as an API that does not use statuses. */
    public Fault errorObject(String sentence) {
        return body(new String(Problem.bodyOf(sentence), StandardCharsets.UTF_8), JSON);
    }

    /** Status 429: "back off and retry". @param retryAfter in whole seconds */
    public Fault tooMany(Duration retryAfter) {
        return status(429).header("Retry-After", Long.toString(retryAfter.toSeconds()));
    }

    /** Status 400, as a workspace without the Audience module answers. */
    public Fault audienceMissing() {
        return errorObject("tagIds and listIds need the Audience module, which this workspace does not have enabled.")
                .status(400);
    }

    /** The record, or each one of a list, has no id. */
    public Fault withoutId() {
        return with(answer.rows()::leaveOutId);
    }

    /** The record, or each one of a list, has fields that the document does not know. */
    public Fault extraFields() {
        return with(answer.rows()::addUnknownFields);
    }

    /** In the record, or each one of a list, these fields are null; where none is named: all but the id. */
    public Fault nullFields(String... fields) {
        return with(() -> answer.rows().setNull(fields));
    }

    /** Executes the request before {@link #status}, {@link #body} or {@link #html} answer: a lost answer. */
    public Fault afterCommit() {
        return with(() -> afterCommit = true);
    }

    /** Waits, in real time, after the request was executed and before it is answered. */
    public Fault delay(Duration time) {
        return with(() -> delay = Objects.requireNonNull(time, "time"));
    }

    /** Waits, in real time, before the request is executed: what it creates appears late. */
    public Fault delayBeforeCommit(Duration time) {
        return with(() -> delayBeforeCommit = Objects.requireNonNull(time, "time"));
    }

    /** Drops the connection without an answer; the request is not executed. */
    public Fault resetBeforeCommit() {
        return with(() -> resetBeforeCommit = true);
    }

    /** Executes the request, then drops the connection without an answer. */
    public Fault resetAfterCommit() {
        return with(() -> resetAfterCommit = true);
    }

    /** Drops the connection, half of the times before the request is executed and half after it, by the same draw. */
    public Fault resetEitherSide() {
        return with(() -> resetEitherSide = true);
    }

    /** Drops the connection at once, and executes the request only after this time: a create that appears late. */
    public Fault commitLate(Duration time) {
        return with(() -> commitLate = Objects.requireNonNull(time, "time"));
    }

    /** Announces the whole length, sends only so many bytes of the body, then drops the connection. */
    public Fault truncate(int bytes) {
        return with(() -> answer.truncate((int) atLeast(0, bytes, "truncate")));
    }

    /** A list leaves {@code since} out of account. */
    public Fault ignoreSince() {
        return with(list::ignoreSince);
    }

    /** A list has at most so many rows, below the documented cap. */
    public Fault cap(int rows) {
        return with(() -> list.cap((int) atLeast(0, rows, "cap")));
    }

    /** A list has the same rows in reverse order. */
    public Fault unsorted() {
        return with(list::reverse);
    }

    /** A list is {@code {"data": [...]}} instead of a bare array; the document shows no answer, so both may be met. */
    public Fault wrapped() {
        return with(list::wrap);
    }

    /** Leaves the {@code Date} header out. */
    public Fault noDate() {
        return with(answer::leaveOutDate);
    }

    /** Moves the {@code Date} header by so much against the clock. */
    public Fault dateSkew(Duration skew) {
        return with(() -> answer.moveDate(Objects.requireNonNull(skew, "skew")));
    }

    /** Puts the rule behind those already armed. */
    public Fault arm() {
        requireUnarmed();
        isArmed = true;
        owner.add(this);
        return this;
    }

    /** How many requests it was applied to so far. */
    public long hits() {
        return lot.hits();
    }

    /** The draw of a request that it strikes, or null. */
    Lot.Draw take(Lot.Request request) {
        boolean matches = (method.equals("*") || method.equalsIgnoreCase(request.method()))
                && request.path().startsWith(pathPrefix);
        return matches ? lot.draw(request) : null;
    }

    Duration answerDelay() {
        return delay;
    }

    Duration commitDelay() {
        return delayBeforeCommit;
    }

    boolean answersAfterCommit() {
        return afterCommit;
    }

    boolean resetsBeforeCommit(Lot.Draw draw) {
        return resetBeforeCommit || resetEitherSide && draw.early();
    }

    boolean resetsAfterCommit(Lot.Draw draw) {
        return resetAfterCommit || resetEitherSide && !draw.early();
    }

    boolean commitsLate() {
        return !commitLate.isZero();
    }

    Duration lateness() {
        return commitLate;
    }

    AnswerChange answer() {
        return answer;
    }

    ListChange list() {
        return list;
    }

    private Fault with(Runnable change) {
        requireUnarmed();
        change.run();
        return this;
    }

    private void requireUnarmed() {
        if (isArmed) {
            throw new IllegalStateException("This fault is armed; arm a new one instead of changing it.");
        }
    }

    private static long atLeast(long minimum, long value, String option) {
        if (value < minimum) {
            throw new IllegalArgumentException("%s must be at least %d, and is %d.".formatted(option, minimum, value));
        }
        return value;
    }
}
