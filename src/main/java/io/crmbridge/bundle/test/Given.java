package io.crmbridge.bundle.test;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crmbridge.bundle.rehearse.Rehearsal;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.rehearse.IncomingMail;
import io.crmbridge.feed.FeedRuntime;
import io.crmbridge.feed.Inbox;
import io.crmbridge.feed.Outcome;
import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeKind;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.NewChange;
import io.crmbridge.state.PollCommit;
import io.crmbridge.state.Source;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Lets what a test gives come in, as it would: through the log where it is a change or an entry. */
final class Given {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Rehearsal rehearsal;
    private final String route;
    private final Store store;
    private final Clock clock;

    /** @param folder that recorded files are below */
    Given(Path folder, Rehearsal rehearsal, String route, Store store, Clock clock) {
        this.folder = folder;
        this.rehearsal = rehearsal;
        this.route = route;
        this.store = store;
        this.clock = clock;
    }

    /** A run of changes that come in together, so that a route that wants batches gets one. */
    private record Run(String connection, Optional<String> key, List<Change> changes) {}

    /** @return how each delivery ended @throws IllegalArgumentException when the route cannot get such a thing */
    List<Outcome> comeIn(List<JsonNode> given) {
        List<Outcome> outcomes = new ArrayList<>();
        Run run = null;
        for (JsonNode one : given.stream().flatMap(this::recorded).toList()) {
            if (!one.has("record") && !one.has("entry")) {
                flush(run, outcomes);
                run = null;
                outcomes.add(other(one));
                continue;
            }
            Rehearsal.Feed feed = feed(one);
            String connection = connection(one, feed);
            Optional<String> key = key(one, feed);
            if (run == null
                    || !run.connection().equals(connection)
                    || !run.key().equals(key)) {
                flush(run, outcomes);
                run = new Run(connection, key, new ArrayList<>());
            }
            run.changes().addAll(one.has("entry") ? entry(one, feed) : List.of(change(one, feed, connection, key)));
        }
        flush(run, outcomes);
        return outcomes;
    }

    /** The same with what a file has in the place of its name. */
    private Stream<JsonNode> recorded(JsonNode one) {
        if (!one.has("file")) {
            return Stream.of(one);
        }
        Path file = folder.resolve(one.path("file").asText()).normalize();
        if (!file.startsWith(folder)) {
            throw new IllegalArgumentException("file %s is not below tests/".formatted(one.path("file")));
        }
        JsonNode tree;
        try {
            tree = JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("tests/%s is no JSON file that can be read: %s"
                    .formatted(folder.relativize(file), e.getClass().getSimpleName()));
        }
        String as = rehearsal
                .feed(route)
                .map(feed -> isInbox(feed) ? "entry" : "record")
                .orElse("message");
        Stream<JsonNode> bodies = tree.isArray() ? StreamSupport.stream(tree.spliterator(), false) : Stream.of(tree);
        return bodies.map(body -> {
            ObjectNode each = ((ObjectNode) one).deepCopy();
            each.remove("file");
            each.set(as, as.equals("message") ? JSON.createObjectNode().set("body", body) : body);
            return each;
        });
    }

    private void flush(Run run, List<Outcome> outcomes) {
        if (run != null) {
            outcomes.addAll(rehearsal.deliver(route, run.connection(), run.key(), run.changes()));
        }
    }

    private Outcome other(JsonNode one) {
        if (rehearsal.feed(route).isPresent()) {
            throw new IllegalArgumentException(
                    "route %s is on a feed or an inbox: give it a record or an entry".formatted(route));
        }
        if (one.has("fire")) {
            String at = one.path("fire").asText();
            try {
                return rehearsal.fire(route, at.equals("now") ? clock.instant() : Instant.parse(at));
            } catch (DateTimeParseException e) {
                throw new IllegalArgumentException(
                        "fire: %s is no time: write for example 2026-03-02T06:00:00Z, or now".formatted(at), e);
            }
        }
        if (one.has("mail")) {
            return rehearsal.send(route, IncomingMail.of(one.path("mail").asText()), Map.of());
        }
        JsonNode message = one.path("message");
        Map<String, Object> headers = new HashMap<>();
        message.path("headers")
                .properties()
                .forEach(header -> headers.put(header.getKey(), CrmRecord.ofTree(header.getValue())));
        return rehearsal.send(route, CrmRecord.ofTree(message.path("body")), headers);
    }

    private Rehearsal.Feed feed(JsonNode one) {
        Rehearsal.Feed feed = rehearsal
                .feed(route)
                .orElseThrow(() -> new IllegalArgumentException(
                        "route %s is on no feed and no inbox: give it fire for a schedule, mail for a mailbox, else message"
                                .formatted(route)));
        boolean inbox = isInbox(feed);
        if (inbox != one.has("entry")) {
            throw new IllegalArgumentException(
                    inbox
                            ? "route %s is on an inbox: give it an entry".formatted(route)
                            : "route %s is on a feed: give it a record".formatted(route));
        }
        return feed;
    }

    private static boolean isInbox(Rehearsal.Feed feed) {
        return feed.address().within().equals(Inbox.FEEDS);
    }

    private static String connection(JsonNode one, Rehearsal.Feed feed) {
        if (one.has("connection")) {
            return one.path("connection").asText();
        }
        return feed.connection().equals("*") ? "default" : feed.connection();
    }

    /** The sequence, form or location whose feed it is, where the resource has one of each. */
    private Optional<String> key(JsonNode one, Rehearsal.Feed feed) {
        if (feed.address().choice().isEmpty()) {
            return Optional.empty();
        }
        String key = one.path("sequence").asText(one.path("location").asText(""));
        if (key.isEmpty()) {
            throw new IllegalArgumentException(
                    "route %s reads %s of each sequence or location: say of which with sequence: or location:"
                            .formatted(route, feed.address().resource()));
        }
        return Optional.of(key);
    }

    private List<Change> entry(JsonNode one, Rehearsal.Feed feed) {
        long before = store.log().head();
        rehearsal
                .feeds()
                .inbox(feed.address().resource())
                .accept(
                        List.of(new Inbox.Entry((ObjectNode) one.path("entry"), Optional.empty(), Optional.empty())),
                        Duration.ofDays(1));
        List<Change> entries = new ArrayList<>();
        for (long seq = before + 1; seq <= store.log().head(); seq++) {
            store.log().get(seq).ifPresent(entries::add);
        }
        return entries;
    }

    private Change change(JsonNode one, Rehearsal.Feed feed, String connection, Optional<String> key) {
        String type = connection.equals(FeedRuntime.LOCAL) ? FeedRuntime.LOCAL : "";
        long source = store.sources().sources().stream()
                .filter(each -> each.connection().equals(connection))
                .map(Source::id)
                .findFirst()
                .orElseGet(() -> store.sources().source(connection, type).id());
        String name = "given/" + feed.address().feed() + key.map(id -> "/" + id).orElse("");
        FeedState state = store.sources().lease(source, name);
        JsonNode record = one.path("record");
        String id = record.path("id").asText("given-1");
        long previous = 0;
        if (one.has("previous")) {
            ObjectNode before = ((ObjectNode) record).deepCopy();
            before.setAll((ObjectNode) one.path("previous"));
            previous = commit(state, version(id, before, ChangeKind.CREATED, true, List.of(), 0));
        }
        ChangeKind kind = one.has("change")
                ? ChangeKind.valueOf(one.path("change").asText().toUpperCase(Locale.ROOT))
                : previous == 0 ? ChangeKind.CREATED : ChangeKind.UPDATED;
        boolean firstSeen = one.has("firstSeen") ? one.path("firstSeen").asBoolean() : previous == 0;
        List<String> changed = previous == 0
                ? List.of()
                : one.path("previous").properties().stream()
                        .filter(field -> !field.getValue().equals(record.path(field.getKey())))
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList();
        long seq = commit(state, version(id, record, kind, firstSeen, changed, previous));
        return store.log().get(seq).orElseThrow();
    }

    private NewChange version(
            String id, JsonNode body, ChangeKind kind, boolean firstSeen, List<String> changed, long previous) {
        byte[] json;
        try {
            json = JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a tree can be written", e);
        }
        byte[] hash = hash(json);
        String version = body.path("updatedAt").asText(clock.instant().toString());
        return new NewChange(id, version, hash, hash, kind, firstSeen, false, changed, previous, json);
    }

    private long commit(FeedState state, NewChange change) {
        return store.log()
                .commit(new PollCommit(state, List.of(change), List.of(new byte[0]), Optional.empty(), List.of()));
    }

    private static byte[] hash(byte[] json) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(json);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
