package io.crmbridge.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("(from its classes)");
        return new String[] {
            "crm-bridge " + version + ", Java " + Runtime.version().feature()
        };
    }
}
