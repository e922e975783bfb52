package io.crmbridge.state;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PostgresQuotasTest extends QuotasContractTest {
    @TempDir
    private Path folder;

    private final StoreSettings settings = PostgresServer.shared().empty();

    @Override
    protected Store openStore() {
        return Store.open(folder, settings, clock);
    }

    @Override
    protected Store attachStore() {
        return Store.attach(folder, settings, clock);
    }
}
