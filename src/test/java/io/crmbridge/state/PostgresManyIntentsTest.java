package io.crmbridge.state;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.crmbridge.state.IntentState.Event;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What could go wrong with many intents on PostgreSQL, which takes 65,535 parameters. */
@Timeout(60)
class PostgresManyIntentsTest extends StoreContract {
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

    @Test
    void as_many_as_wait_can_be_refused_at_once() {
        List<Long> ids = LongStream.range(1, 70_000).boxed().toList();

        assertThatCode(() -> store.intents().happened(ids, Event.DROP, Intent.Note.reason("given up")))
                .doesNotThrowAnyException();
    }
}
