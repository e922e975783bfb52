package io.crmbridge.cli;

import picocli.CommandLine;

/** The program's command line, for tests that look at all of it. */
public final class CommandLines {
    private CommandLines() {}

    public static CommandLine all() {
        return new CommandLine(new CrmBridge());
    }
}
