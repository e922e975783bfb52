package io.crmbridge.cli;

/** What a command's end means to a script. */
final class ExitCodes {
    static final int DONE = 0;
    /** It failed, or found something. */
    static final int FAILED = 1;
    /** Used or configured wrongly. */
    static final int USAGE = 2;
    /** {@code status --check}: it runs, but not well. */
    static final int DEGRADED = 3;

    private ExitCodes() {}
}
