package io.crmbridge.lead;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.state.Change;
import io.crmbridge.state.MirrorRow;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** What the mirror knows of contacts. */
final class Contacts {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Contacts() {}

    static Optional<String> address(Store store, long sourceId, String contact) {
        return store.sources().feeds().stream()
                .filter(feed -> feed.sourceId() == sourceId && feed.name().equals("contacts"))
                .findFirst()
                .map(feed -> store.log().mirror(feed.id(), List.of(contact)).get(contact))
                .map(MirrorRow::seq)
                .flatMap(store.log()::get)
                .map(Contacts::email)
                .filter(email -> !email.isBlank());
    }

    private static String email(Change change) {
        try {
            return JSON.readTree(change.body()).path("email").asText("");
        } catch (IOException e) {
            throw new UncheckedIOException("a body in the log is no JSON", e);
        }
    }
}
