package io.crmbridge.crm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState.Event;
import io.crmbridge.state.Intents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out in the CRM what became of a write whose answer is missing, and puts it on record. Thread-safe. */
final class WriteLookUp {
    private static final Logger LOG = LoggerFactory.getLogger(WriteLookUp.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** As many records as a list may show that were made before. */
    private static final int LIST = 100;

    private final Calls calls;
    private final Intents intents;
    private final long sourceId;

    WriteLookUp(Calls calls, Intents intents, long sourceId) {
        this.calls = calls;
        this.intents = intents;
        this.sourceId = sourceId;
    }

    /** @throws IllegalStateException when there is no such operation any more */
    Call call(Intent intent) {
        return CallJson.read(
                intent.request(),
                intent.resource(),
                intent.operation(),
                calls.crm().operations());
    }

    /** One that cannot be looked up at all must not hold up the others for ever. */
    void settle(Intent intent) {
        try {
            lookUp(intent);
        } catch (CrmException e) {
            if (e.verdict() != Verdict.INVALID) {
                throw e;
            }
            unclear(intent, "its answer is missing, and it cannot be looked up: " + e.getMessage());
        } catch (IllegalStateException e) {
            unclear(intent, "its answer is missing, and it cannot be looked up: " + e.getMessage());
        }
    }

    private void lookUp(Intent intent) {
        Evidence evidence = lookedUp(intent, intent.sentAt().orElse(intent.since()));
        decide(intent, candidates(intent, evidence), evidence.absenceProven(), evidence.how());
    }

    private Evidence lookedUp(Intent intent, Instant sentAt) {
        Call call = call(intent);
        return calls.under(() -> calls.crm().writeRules().lookUp(call, sentAt, intent.known(), before(intent, sentAt)));
    }

    private List<JsonNode> before(Intent intent, Instant sentAt) {
        List<JsonNode> records = new ArrayList<>();
        for (Intent earlier : intents.confirmedBefore(sourceId, intent.resource(), sentAt, LIST)) {
            try {
                if (earlier.answer().isPresent()) {
                    records.add(JSON.readTree(earlier.answer().get()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return records;
    }

    private List<JsonNode> candidates(Intent intent, Evidence evidence) {
        List<String> ids = evidence.candidates().stream().map(Said::id).toList();
        Set<String> others = evidence.shared() ? Set.of() : intents.made(sourceId, intent.resource(), ids);
        return evidence.candidates().stream()
                .filter(record -> !others.contains(Said.id(record)))
                .toList();
    }

    private void decide(Intent intent, List<JsonNode> candidates, boolean absenceProven, String how) {
        List<Long> id = List.of(intent.id());
        if (candidates.size() == 1) {
            String reason = "its answer was missing; found by " + how;
            intents.happened(id, Event.FOUND, made(Optional.of(reason), Said.id(candidates.get(0)), candidates.get(0)));
        } else if (candidates.isEmpty() && absenceProven) {
            intents.happened(id, Event.ABSENT, Intent.Note.reason("its answer was missing; not done, by " + how));
        } else {
            String reason = candidates.isEmpty()
                    ? "its answer is missing, and %s cannot show whether it was done".formatted(how)
                    : "its answer is missing, and %d records may be it: %s"
                            .formatted(
                                    candidates.size(),
                                    candidates.stream().map(Said::id).collect(Collectors.joining(", ")));
            unclear(intent, reason);
        }
    }

    private void unclear(Intent intent, String reason) {
        intents.happened(List.of(intent.id()), Event.UNCLEAR, Intent.Note.reason(reason));
        LOG.error(
                "connection {}: a person must decide on intent {} ({} of {}): {}. See: intents show {}",
                intent.connection(),
                intent.id(),
                intent.operation(),
                intent.resource(),
                reason,
                intent.id());
    }

    /** The CRM says that nothing of a batch was done; what shows all the same was. */
    void refusedWithOthers(Intent intent, String reason) {
        List<JsonNode> candidates =
                candidates(intent, lookedUp(intent, intent.sentAt().orElse(intent.since())));
        if (candidates.isEmpty()) {
            intents.happened(List.of(intent.id()), Event.NOT_TAKEN, Intent.Note.reason(reason));
        } else {
            decide(intent, candidates, false, "a look-up after its batch was refused");
        }
    }

    /** A CRM may carry out the first sending after its absence was proven: then there are two, and a person must hear of it. */
    void lookBack(Intent intent) {
        Evidence evidence;
        try {
            evidence = lookedUp(intent, intent.plannedAt());
        } catch (IllegalStateException e) {
            LOG.warn(
                    "connection {}: intent {} was sent again, and it cannot be seen whether it was done twice: {}",
                    intent.connection(),
                    intent.id(),
                    e.getMessage());
            return;
        }
        List<String> twice = candidates(intent, evidence).stream()
                .map(Said::id)
                .filter(id -> !intent.recordId().equals(Optional.of(id)))
                .toList();
        if (!twice.isEmpty() && !evidence.shared()) {
            String reason =
                    "made twice, because the CRM carried out the first sending after it was looked up: %s and %s"
                            .formatted(intent.recordId().orElse("?"), String.join(", ", twice));
            intents.happened(List.of(intent.id()), Event.TWICE, Intent.Note.reason(reason));
            LOG.error("connection {}: intent {}: {}", intent.connection(), intent.id(), reason);
        }
    }

    /** What is kept with one that was not done. */
    static Intent.Note noted(Optional<String> reason, JsonNode note) {
        try {
            return new Intent.Note(
                    reason, Optional.empty(), Optional.of(JSON.writeValueAsBytes(note)), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Intent.Note made(Optional<String> reason, String recordId, JsonNode record) {
        try {
            return new Intent.Note(
                    reason, Optional.of(recordId), Optional.of(JSON.writeValueAsBytes(record)), Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
