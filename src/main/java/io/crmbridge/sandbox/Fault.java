package io.crmbridge.sandbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One way to misbehave; the options combine, and each call returns this rule. Build it on one thread, then
 * {@link #arm()} it; an armed rule throws IllegalStateException when it is changed.
 *
 * <p>{@link #status}, {@link #body} and {@link #html} answer <em>instead of</em> executing the request, so nothing is
 * created; with {@link #afterCommit()} the request is executed first and its true answer is thrown away.
 */
public final class Fault {
    private static final byte[] LOGIN_PAGE =
            "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1></body></html>"
                    .getBytes(StandardCharsets.UTF_8);

    private final Faults owner;
    private final String method;
    private final String pathPrefix;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final AtomicLong hits = new AtomicLong();
    private boolean isArmed;
    private long times = Long.MAX_VALUE;
    private Integer status;
    private byte[] body;
    private String contentType;
    private Duration delay = Duration.ZERO;
    private Duration delayBeforeCommit = Duration.ZERO;
    private Duration dateSkew = Duration.ZERO;
    private boolean afterCommit;
    private boolean resetBeforeCommit;
    private boolean resetAfterCommit;
    private Integer truncateAt;
    private Integer cap;
    private boolean ignoreSince;
    private boolean unsorted;
    private boolean wrapped;
    private boolean noDate;

    Fault(Faults owner, String method, String pathPrefix) {
        this.owner = owner;
        this.method = Objects.requireNonNull(method, "method");
        this.pathPrefix = Objects.requireNonNull(pathPrefix, "pathPrefix");
    }

    /** Applies to so many requests, then never again. Without it: to all. */
    public Fault times(long count) {
        return with(() -> times = atLeast(1, count, "times"));
    }

    /** Answers with this status, and a JSON error unless a body is given. */
    public Fault status(int code) {
        return with(() -> status = (int) atLeast(200, code, "status"));
    }

    /** Adds or replaces a header of the answer, Date included. */
    public Fault header(String name, String value) {
        return with(() -> headers.put(name, value));
    }

    /** Answers with these bytes; status 200 unless one is given. */
    public Fault body(byte[] bytes, String type) {
        byte[] copy = bytes.clone();
        return with(() -> {
            body = copy;
            contentType = type;
        });
    }

    /** Answers with this text in UTF-8; status 200 unless one is given. */
    public Fault body(String text, String type) {
        return body(text.getBytes(StandardCharsets.UTF_8), type);
    }

    /** Answers with an HTML sign-in page, as a proxy or an expired session does; status 200 unless one is given. */
    public Fault html() {
        return body(LOGIN_PAGE, "text/html;charset=utf-8");
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

    /** Announces the whole length, sends only so many bytes of the body, then drops the connection. */
    public Fault truncate(int bytes) {
        return with(() -> truncateAt = (int) atLeast(0, bytes, "truncate"));
    }

    /** A list leaves {@code since} out of account. */
    public Fault ignoreSince() {
        return with(() -> ignoreSince = true);
    }

    /** A list has at most so many rows, below the documented cap. */
    public Fault cap(int rows) {
        return with(() -> cap = (int) atLeast(0, rows, "cap"));
    }

    /** A list has the same rows in reverse order. */
    public Fault unsorted() {
        return with(() -> unsorted = true);
    }

    /** A list is {@code {"data": [...]}} instead of a bare array; the document shows no answer, so both may be met. */
    public Fault wrapped() {
        return with(() -> wrapped = true);
    }

    /** Leaves the {@code Date} header out. */
    public Fault noDate() {
        return with(() -> noDate = true);
    }

    /** Moves the {@code Date} header by so much against the clock. */
    public Fault dateSkew(Duration skew) {
        return with(() -> dateSkew = Objects.requireNonNull(skew, "skew"));
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
        return hits.get();
    }

    boolean take(String requestMethod, String path) {
        if (!(method.equals("*") || method.equalsIgnoreCase(requestMethod)) || !path.startsWith(pathPrefix)) {
            return false;
        }
        return hits.getAndUpdate(count -> Math.min(times, count + 1)) < times;
    }

    boolean replacesAnswer() {
        return status != null || body != null;
    }

    int answerStatus() {
        return status == null ? 200 : status;
    }

    byte[] answerBody() {
        return body != null ? body : Problem.bodyOf("The sandbox was told to answer %d.".formatted(status));
    }

    String answerType() {
        return contentType == null ? "application/json" : contentType;
    }

    Map<String, String> headers() {
        return headers;
    }

    Duration answerDelay() {
        return delay;
    }

    Duration commitDelay() {
        return delayBeforeCommit;
    }

    Duration skew() {
        return dateSkew;
    }

    boolean answersAfterCommit() {
        return afterCommit;
    }

    boolean resetsBeforeCommit() {
        return resetBeforeCommit;
    }

    boolean resetsAfterCommit() {
        return resetAfterCommit;
    }

    Integer truncateAt() {
        return truncateAt;
    }

    boolean ignoresSince() {
        return ignoreSince;
    }

    int cappedAt(int documented) {
        return cap == null ? documented : Math.min(cap, documented);
    }

    boolean reverses() {
        return unsorted;
    }

    boolean wraps() {
        return wrapped;
    }

    boolean omitsDate() {
        return noDate;
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
