package io.crmbridge.bundle;

import java.util.List;

/** Every value of application.properties that a running bridge would read, and keys that stand there twice. */
final class ConfigCheck {
    private ConfigCheck() {}

    static void check(BridgeConfig config, Report report) {
        report.properties()
                .duplicates()
                .forEach(entry -> report.warning(
                        Code.DUPLICATE_KEY,
                        new Finding(
                                Report.PROPERTIES,
                                entry.place().line(),
                                entry.place().column(),
                                "%s is set further up too, and this one counts: leave one of them out"
                                        .formatted(entry.key()))));
        List<Runnable> readings = List.of(
                config::expectations,
                config::reminder,
                config::catchUp,
                config::feedSettings,
                config::limits,
                config::logKeep,
                config::logMaxSize,
                config::store,
                config::floodGate);
        readings.forEach(reading -> told(reading, report));
        config.hooks().forEach(name -> told(() -> config.hook(name), report));
        config.mails().forEach(name -> told(() -> config.mail(name), report));
        config.inboxes().forEach(name -> told(() -> config.inbox(name), report));
        config.dataSources().forEach(name -> told(() -> config.dataSource(name), report));
        config.crm().findings().forEach(finding -> report.error(Code.WRONG_PROPERTY, finding));
    }

    private static void told(Runnable reading, Report report) {
        try {
            reading.run();
        } catch (BundleException e) {
            e.findings().forEach(finding -> report.error(Code.WRONG_PROPERTY, finding));
        }
    }
}
