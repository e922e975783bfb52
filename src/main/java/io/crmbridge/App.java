package io.crmbridge;

import io.crmbridge.cli.CrmBridge;

/** The program's entry. */
public final class App {
    private App() {}

    public static void main(String[] arguments) {
        System.exit(CrmBridge.execute(arguments));
    }
}
