package io.crmbridge.bundle.dryrun;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.component.rehearse.Sent;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Adds up what a route would do outside. For one thread. */
final class Tally {
    private static final String LEFT_OUT = "left out: ";

    private final UnaryOperator<String> sequenceNames;
    private final Map<String, DryRunReport.Effect> effects = new TreeMap<>();
    private final Map<String, Set<String>> addresses = new TreeMap<>();
    private final List<DryRunReport.Shown> shown = new ArrayList<>();

    /** @param sequenceNames what people call a sequence of this id */
    Tally(UnaryOperator<String> sequenceNames) {
        this.sequenceNames = sequenceNames;
    }

    void sent(List<Sent> all, boolean show) {
        for (Sent sent : all) {
            add(sent);
            if (show) {
                shown.add(new DryRunReport.Shown(sent.to(), sent.operation(), sent.body()));
            }
        }
    }

    private void add(Sent sent) {
        switch (sent.kind()) {
            case HOOK -> count("webhook", sent.to(), 1);
            case MAIL -> mail(sent);
            case EXPORT ->
                count(
                        "row",
                        sent.body().path("file").asText(),
                        Math.max(1, sent.body().path("rows").size()));
            case FILE -> count("file", sent.to(), 1);
            case SQL -> count("statement", sent.to(), 1);
            case INBOX -> count("entry", sent.to(), 1);
            case HTTP -> count("call", "%s to %s".formatted(sent.operation(), host(sent.to())), 1);
            case OTHER -> count("message", sent.to(), 1);
            case CRM -> crm(sent);
        }
    }

    private void crm(Sent sent) {
        JsonNode contacts = sent.body().path("contactIds");
        String sequence = sent.about().get("sequence");
        String to = sequence == null ? sent.to() : "sequence " + sequenceNames.apply(sequence);
        count(
                sent.operation(),
                to,
                contacts.isArray()
                        ? contacts.size()
                        : sent.body().isArray() ? sent.body().size() : 1);
    }

    private void mail(Sent mail) {
        Set<String> known = addresses.computeIfAbsent(mail.to(), to -> new HashSet<>());
        for (String field : List.of("to", "cc", "bcc")) {
            JsonNode told = mail.body().path(field);
            (told.isArray() ? told : List.of(told)).forEach(address -> {
                String text = address.asText("");
                if (!text.isEmpty()) {
                    known.add(text.replaceAll("^.*<|>.*$", "").toLowerCase(Locale.ROOT));
                }
            });
        }
        count("mail", mail.to(), 1);
    }

    /** A path may hold a record's data. */
    private static String host(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() == null ? uri.getScheme() + ":" : uri.getScheme() + "://" + uri.getAuthority();
        } catch (IllegalArgumentException e) {
            return "an address that is made of the record";
        }
    }

    /** What was decided not to be sent. @return whether there was any */
    boolean kept(List<Intent> intents) {
        boolean any = false;
        for (Intent intent : intents) {
            String reason = intent.reason().orElse("");
            if (intent.state() == IntentState.CONFIRMED && reason.startsWith(LEFT_OUT)) {
                count("left out", reason.substring(LEFT_OUT.length()), 1);
                any = true;
            } else if (intent.state() == IntentState.WAITING || intent.state() == IntentState.UNKNOWN) {
                count("held", reason, 1);
                any = true;
            }
        }
        return any;
    }

    private void count(String kind, String to, long more) {
        effects.merge(
                kind + " " + to,
                new DryRunReport.Effect(kind, to, more, 0),
                (one, other) -> new DryRunReport.Effect(kind, to, one.count() + other.count(), 0));
    }

    List<DryRunReport.Effect> effects() {
        return effects.values().stream()
                .map(effect -> effect.kind().equals("mail")
                        ? new DryRunReport.Effect(
                                effect.kind(),
                                effect.to(),
                                effect.count(),
                                addresses.get(effect.to()).size())
                        : effect)
                .toList();
    }

    List<DryRunReport.Shown> shown() {
        return shown;
    }
}
