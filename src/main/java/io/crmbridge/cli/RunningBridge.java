package io.crmbridge.cli;

import io.crmbridge.state.Store;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Asks the bridge that runs on a store to do something, and waits for its answer. */
final class RunningBridge {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private RunningBridge() {}

    /** Empty when no bridge runs there, so that nothing needs to be told. */
    static Optional<String> tell(Store store, DataOption data, String name, String argument) {
        if (!data.isServed(store)) {
            return Optional.empty();
        }
        return Optional.of(ask(store, name, argument));
    }

    /** Where a bridge runs on the store. */
    static String ask(Store store, String name, String argument) {
        return ask(store, name, argument, PATIENCE);
    }

    /** @param patience how long the answer may take */
    static String ask(Store store, String name, String argument, Duration patience) {
        long id = store.commands().ask(name, argument);
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<String> answer = store.commands().result(id);
            if (answer.isPresent()) {
                return answer.get();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
        throw new CommandException(
                ExitCodes.FAILED,
                "the running bridge did not answer within %d s; it will still do it when it can"
                        .formatted(patience.toSeconds()));
    }
}
