package io.crmbridge.cli;

import io.crmbridge.bundle.pack.SemanticVersion;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "crm-bridge " + text().orElse("(from its classes)") + ", Java "
                    + Runtime.version().feature()
        };
    }

    /** Of this program; empty when it runs from its classes. */
    static Optional<SemanticVersion> semantic() {
        return text().flatMap(SemanticVersion::of);
    }

    private static Optional<String> text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion());
    }
}
