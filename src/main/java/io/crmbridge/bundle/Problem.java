package io.crmbridge.bundle;

/**
 * A finding with its kind.
 *
 * @param warning a bundle with warnings alone runs
 */
public record Problem(Code code, boolean warning, Finding finding) {
    /** {@code error} or {@code warning}. */
    public String severity() {
        return warning ? "warning" : "error";
    }

    /** As a compiler writes it: file, line, column, severity and what to do. */
    @Override
    public String toString() {
        String place = finding.file()
                + (finding.line() > 0 ? ":" + finding.line() : "")
                + (finding.line() > 0 && finding.column() > 0 ? ":" + finding.column() : "");
        return "%s: %s: %s".formatted(place, severity(), finding.message());
    }
}
