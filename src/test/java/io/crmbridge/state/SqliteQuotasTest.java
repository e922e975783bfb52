package io.crmbridge.state;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SqliteQuotasTest extends QuotasContractTest {
    @TempDir
    private Path folder;

    @Override
    protected Store openStore() {
        return Store.open(folder, clock);
    }

    @Override
    protected Store attachStore() {
        return Store.attach(folder, clock);
    }
}
