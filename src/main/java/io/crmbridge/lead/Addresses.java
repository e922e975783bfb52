package io.crmbridge.lead;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.state.Change;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.MirrorRow;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The e-mail addresses of a contact: what a contact, an enrolment or a reply says, and what the mirror of contacts has. */
final class Addresses {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> FIELDS = List.of("email", "fromAddress", "fromEmail", "from");
    private static final Pattern ADDRESS = Pattern.compile("[^\\s<>\"',;:@()]+@[^\\s<>\"',;:@()]+");

    private static final int LONGEST = 1_000;

    private final Store store;
    private final long source;

    Addresses(Store store, long source) {
        this.store = store;
        this.source = source;
    }

    Set<String> of(String contact, Object entry) {
        Set<String> found = new LinkedHashSet<>();
        FIELDS.forEach(field -> find(field(entry, field)).ifPresent(found::add));
        if (entry instanceof Map<?, ?> fields) {
            find(field(fields.get("contact"), "email")).ifPresent(found::add);
        }
        found.addAll(mirrored(List.of(contact)).values());
        return found;
    }

    private static String field(Object entry, String name) {
        Object value = entry instanceof Map<?, ?> fields ? fields.get(name) : null;
        return value == null ? "" : value.toString();
    }

    /** The one that is in it; of several it is not known whose they are. */
    private static Optional<String> find(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        Set<String> found = ADDRESS.matcher(text)
                .results()
                .map(address -> address.group().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        return found.size() == 1 ? found.stream().findFirst() : Optional.empty();
    }

    /** By their ids, those that the mirror has an address of. */
    Map<String, String> mirrored(Collection<String> contacts) {
        Optional<FeedState> feed = store.sources().feed(source, "contacts");
        if (feed.isEmpty()) {
            return Map.of();
        }
        List<Long> versions = store.log().mirror(feed.get().id(), contacts).values().stream()
                .map(MirrorRow::seq)
                .toList();
        Map<String, String> addresses = new HashMap<>();
        for (Change version : store.log().get(versions)) {
            find(email(version.body())).ifPresent(address -> addresses.put(version.recordId(), address));
        }
        return addresses;
    }

    private static String email(byte[] body) {
        try {
            JsonNode contact = JSON.readTree(body);
            return contact.path("email").asText("");
        } catch (IOException e) {
            throw new UncheckedIOException("a body in the log is no JSON", e);
        }
    }
}
