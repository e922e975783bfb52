package io.crmbridge.cli;

import io.crmbridge.state.DataFolder;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.StoreException.Kind;
import io.crmbridge.state.StoreSettings;
import io.crmbridge.state.Tokens.Issued;
import java.nio.file.Path;
import java.time.Clock;

/** Puts a grant where the bridge finds it: the running one takes it over, else it is written into the store. */
final class StoredGrants {
    /** Commands to the running bridge. */
    static final String SAVE = "save-grant";

    static final String FORGET = "forget-grant";

    private final Path data;
    private final StoreSettings settings;
    private final Clock clock;

    StoredGrants(Path data, StoreSettings settings, Clock clock) {
        this.data = data;
        this.settings = settings;
        this.clock = clock;
    }

    void save(String connection, String app, Issued issued) {
        if (settings.url().isEmpty() && !DataFolder.isHeld(data)) {
            DataFolder mine = DataFolder.hold(data, clock);
            try {
                open(connection, app, issued);
            } finally {
                mine.close();
            }
        } else if (settings.url().isEmpty() || isServed()) {
            try (Store store = Store.attach(data, settings, clock)) {
                done(RunningBridge.ask(store, SAVE, store.tokens().seal(connection, app, issued)));
            }
        } else {
            open(connection, app, issued);
        }
    }

    private void open(String connection, String app, Issued issued) {
        try (Store store = Store.open(data, settings, clock)) {
            store.tokens().save(connection, app, issued);
        }
    }

    private boolean isServed() {
        try (Store store = Store.attach(data, settings, clock)) {
            return store.nodes().stream().anyMatch(Store.Node::active);
        } catch (StoreException e) {
            if (e.kind() == Kind.UNUSABLE) {
                // None has run there yet; what else is wrong shows when it is opened.
                return false;
            }
            throw e;
        }
    }

    static void done(String answer) {
        if (!answer.equals("done")) {
            throw new CommandException(ExitCodes.FAILED, "the running bridge did not do it: " + answer);
        }
    }
}
