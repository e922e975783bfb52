package io.crmbridge.bundle;

import java.util.List;
import java.util.stream.Collectors;

/** A bundle that cannot run as it is, with everything that is wrong. */
public final class BundleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Finding> findings;

    public BundleException(List<Finding> findings) {
        super(findings.stream().map(Finding::toString).collect(Collectors.joining("\n")));
        this.findings = List.copyOf(findings);
    }

    public List<Finding> findings() {
        return findings;
    }
}
