package io.crmbridge.lead;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.crm.Calls;
import io.crmbridge.crm.JsonPage;
import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Store;
import io.crmbridge.state.Suppressions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether somebody may be enrolled into a sequence. The CRM leaves out who is on it now, and would enrol anew who has left:
 * "the resolved audience is deduped against people already enrolled". So the sequence's enrolments are read right before, as
 * is what its feed has seen of those who have left, and both go into the ledger. Thread-safe.
 */
public final class SuppressionCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern NAMED = Pattern.compile("<([^<>]{1,254})>\\s*$");
    private static final String EMAIL = "email:";
    private static final String UNSUBSCRIBED = "unsubscribed";

    private final Store store;
    private final Calls calls;
    private final long sourceId;
    private final Clock clock;
    private final Addresses addresses;
    /** Number in the log up to which a sequence's feed has been read for who has left. */
    private final Map<Long, Long> readTo = new HashMap<>();

    private final Map<String, Roster> rosters = new HashMap<>();
    /** Subjects of each sequence that this process has put into the ledger. */
    private final Map<String, Set<String>> noted = new HashMap<>();

    SuppressionCheck(Store store, Calls calls, long sourceId, Clock clock) {
        this.store = store;
        this.calls = calls;
        this.sourceId = sourceId;
        this.clock = clock;
        this.addresses = new Addresses(store, sourceId);
    }

    public static String contact(String id) {
        return "contact:" + id;
    }

    /** The address that a subject is. */
    static Optional<String> addressOf(String subject) {
        return subject.startsWith(EMAIL) ? Optional.of(subject.substring(EMAIL.length())) : Optional.empty();
    }

    public static String email(String address) {
        Matcher named = NAMED.matcher(address);
        String bare = named.find() ? named.group(1) : address;
        return EMAIL + EmailAddress.normal(bare).orElse(bare.strip().toLowerCase(Locale.ROOT));
    }

    /**
     * Reads who is on a sequence, and who has left it.
     *
     * @throws io.crmbridge.crm.CrmException when the CRM cannot be asked
     */
    public synchronized void refresh(String sequence) {
        Map<String, Instant> subjects = new HashMap<>();
        Set<String> before = noted.computeIfAbsent(sequence, none -> new HashSet<>());
        Instant now = clock.instant();
        for (JsonNode row : roster(sequence).read(now)) {
            if (row.path("status").asText().equalsIgnoreCase(UNSUBSCRIBED)) {
                add(row, JsonPage.instant(row.path("updatedAt")).orElse(now), subjects);
            }
        }
        subjects.keySet().removeAll(before);
        store.suppressions().seen(sourceId, sequence, subjects, "unsubscribed");
        before.addAll(subjects.keySet());
        store.suppressions().seen(sourceId, sequence, left(sequence), "has left the sequence");
    }

    private Roster roster(String sequence) {
        return rosters.computeIfAbsent(sequence, id -> new Roster(calls, id));
    }

    /** Whether somebody is on a sequence now, as it was read last. */
    synchronized boolean isOn(String sequence, String contact) {
        return roster(sequence).has(contact);
    }

    private Map<String, Instant> left(String sequence) {
        Map<String, Instant> subjects = new HashMap<>();
        Optional<FeedState> feed = store.sources().feed(sourceId, "enrollments/" + sequence);
        if (feed.isEmpty()) {
            return subjects;
        }
        long feedId = feed.get().id();
        long last = store.log().snapshot(feedId, readTo.getOrDefault(feedId, 0L), change -> {
            if (change.kind() == ChangeKind.GONE) {
                add(body(change), change.observedAt(), subjects);
            }
        });
        readTo.put(feedId, last);
        return subjects;
    }

    private static JsonNode body(Change change) {
        try {
            return JSON.readTree(change.body());
        } catch (IOException e) {
            throw new UncheckedIOException("a body in the log is no JSON", e);
        }
    }

    /** The address of the row alone would come back with a contact made anew. */
    private static void add(JsonNode row, Instant at, Map<String, Instant> subjects) {
        String contact = row.path("contactId").asText("");
        String address = row.path("contact").path("email").asText("");
        if (!contact.isBlank()) {
            subjects.merge(contact(contact), at, (a, b) -> a.isAfter(b) ? a : b);
        }
        if (!address.isBlank()) {
            subjects.merge(email(address), at, (a, b) -> a.isAfter(b) ? a : b);
        }
    }

    /** The addresses of contacts, as far as the mirror knows them. */
    Map<String, String> addresses(Collection<String> contacts) {
        return addresses.mirrored(contacts);
    }

    /** Those of the subjects who must not be enrolled, and why not. */
    Map<String, Suppressions.Entry> of(String sequence, Collection<String> subjects) {
        return store.suppressions().find(sourceId, sequence, subjects);
    }

    /**
     * They ask not to be mailed again: on record for every sequence when it returns, also by their addresses.
     *
     * @param contacts by their ids a contact, an enrolment, a reply or an id alone
     */
    public void askToStop(Map<String, Object> contacts) {
        List<String> subjects = new ArrayList<>();
        contacts.forEach((contact, entry) -> {
            subjects.add(contact(contact));
            addresses.of(contact, entry).forEach(address -> subjects.add(email(address)));
        });
        store.suppressions().add(sourceId, Suppressions.ALL, subjects, "asked to stop");
    }

    /** Somebody was taken off a sequence by the bridge. @param entry a contact, an enrolment, a reply or an id alone */
    public void unenrolled(String sequence, String contactId, Object entry) {
        List<String> subjects = new ArrayList<>(List.of(contact(contactId)));
        addresses.of(contactId, entry).forEach(address -> subjects.add(email(address)));
        store.suppressions().add(sourceId, sequence, subjects, "unenrolled by the bridge");
    }
}
