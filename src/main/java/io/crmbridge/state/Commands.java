package io.crmbridge.state;

import java.util.List;
import java.util.Optional;

/** What commands ask of the running bridge. Thread-safe, over processes too. */
public interface Commands {
    long ask(String name, String argument);

    List<Command> open();

    void done(long id, String result);

    /** The answer, once there is one. */
    Optional<String> result(long id);

    record Command(long id, String name, String argument) {}
}
