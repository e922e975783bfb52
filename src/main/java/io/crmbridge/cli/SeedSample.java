package io.crmbridge.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.component.MirrorIndex;
import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.Seeds;
import io.crmbridge.state.Seeds.Contact;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Some contacts that the bridge has seen, to tell whether an export is one of all contacts, with the ids of the API. */
final class SeedSample {
    private static final int MOST = 1_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Ids by address. */
    private final Map<String, Set<String>> seen = new HashMap<>();
    /** Addresses that were there before the export. */
    private final Set<String> missing = new HashSet<>();

    private int expected;
    private int sameId;
    private int otherId;

    /** @param feedId of the contacts, empty where they were never polled */
    SeedSample(Store store, Optional<Long> feedId, Instant exportedAt) throws IOException {
        if (feedId.isPresent()) {
            for (Change change : store.log().snapshot(feedId.get(), 0, MOST)) {
                add(change, change.observedAt().isBefore(exportedAt.minus(Seeds.Seed.LATENESS)));
            }
        }
        expected = missing.size();
    }

    private void add(Change change, boolean before) throws IOException {
        JsonNode email = JSON.readTree(change.body()).path("email");
        String address = MirrorIndex.plain(email.asText(""));
        if (change.kind() != ChangeKind.GONE && !address.isEmpty()) {
            seen.computeIfAbsent(address, none -> new HashSet<>()).add(change.recordId());
            if (before) {
                missing.add(address);
            }
        }
    }

    void met(Contact contact) {
        missing.remove(contact.address());
        Set<String> ids = seen.get(contact.address());
        if (ids != null && !contact.id().equals(Seeds.NO_ID)) {
            if (ids.contains(contact.id())) {
                sameId++;
            } else {
                otherId++;
            }
        }
    }

    int expected() {
        return expected;
    }

    int missing() {
        return missing.size();
    }

    boolean isOfOtherIds() {
        return otherId > sameId;
    }

    /** A few may have been deleted, which the CRM does not tell. */
    boolean isOfSomeContacts() {
        return missing.size() * 10 > expected;
    }
}
