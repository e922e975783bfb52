package io.crmbridge.bundle;

import io.crmbridge.crm.Secret;
import io.crmbridge.state.TargetDatabase;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** {@code bridge.datasource.<name>.*}. */
record DataSourceSettings(
        String name,
        String url,
        Optional<String> username,
        Optional<Secret> password,
        Optional<String> driver,
        int maxConnections) {

    /**
     * Connects only when it is used.
     *
     * @param drivers where a driver may be that the program has not
     * @throws BundleException when there is no driver for it
     */
    DataSource open(ClassLoader drivers) {
        try {
            return TargetDatabase.open(
                    name,
                    url,
                    username.orElse(null),
                    password.map(Secret::value).orElse(null),
                    driver,
                    drivers,
                    maxConnections);
        } catch (IllegalArgumentException e) {
            throw new BundleException(List.of(new Finding(
                    "application.properties", 0, "bridge.datasource.%s: %s".formatted(name, e.getMessage()))));
        }
    }
}
