package io.crmbridge.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.crmbridge.console.IntentView;
import io.crmbridge.state.Intent;
import io.crmbridge.state.IntentState;
import io.crmbridge.state.IntentState.Event;
import io.crmbridge.state.Store;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "intents",
        mixinStandardHelpOptions = true,
        description = "Writes to a CRM that must not be done twice: lists and shows them, and decides on those whose"
                + " outcome is unknown.")
final class IntentsCommand implements Runnable {
    private static final int MOST = 1000;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which one: list, show, confirm, retry or drop?");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists those that are not settled, newest first.")
    int list(
            @Mixin DataOption data,
            @Option(names = "--all", description = "Confirmed, refused and dropped ones too.") boolean all,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Set<IntentState> states = all
                ? EnumSet.allOf(IntentState.class)
                : EnumSet.of(IntentState.PLANNED, IntentState.SENT, IntentState.UNKNOWN);
        try (Store store = data.attach()) {
            List<IntentView> intents = store.intents().list(states, MOST).stream()
                    .map(IntentView::of)
                    .toList();
            if (json) {
                Output.json(out, intents);
            } else {
                Output.table(
                        out,
                        List.of("ID", "CONNECTION", "WRITE", "ROUTE", "STATE", "SENT AT", "TIMES", "RECORD", "REASON"),
                        intents.stream()
                                .map(i -> Arrays.<Object>asList(
                                        i.id(),
                                        i.connection(),
                                        i.resource() + " " + i.operation(),
                                        i.route(),
                                        i.state(),
                                        i.sentAt(),
                                        i.sends(),
                                        i.recordId(),
                                        i.reason()))
                                .toList());
                long waiting = store.intents().count(IntentState.WAITING).values().stream()
                        .mapToLong(count -> count)
                        .sum();
                if (waiting > 0 && !all) {
                    out.println("(%d more wait at the flood gate: leads waiting)".formatted(waiting));
                }
                if (intents.size() == MOST) {
                    out.println("(the newest %d)".formatted(MOST));
                }
            }
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one with what is to be written. It may be personal data: mind who looks on.")
    int show(@Mixin DataOption data, @Parameters(paramLabel = "ID") long id) {
        PrintWriter out = spec.commandLine().getOut();
        try (Store store = data.attach()) {
            Intent intent = store.intents()
                    .get(id)
                    .orElseThrow(() -> new CommandException(ExitCodes.USAGE, "there is no intent " + id));
            out.println("intent %d of route %s: %s of %s on connection %s: %s since %s"
                    .formatted(
                            id,
                            intent.routeId(),
                            intent.operation(),
                            intent.resource(),
                            intent.connection(),
                            intent.state(),
                            intent.since()));
            intent.sentAt().ifPresent(at -> out.println("sent %d times, last at %s".formatted(intent.sends(), at)));
            intent.reason().ifPresent(out::println);
            intent.recordId().ifPresent(record -> out.println("record " + record));
            out.println(
                    intent.request().length == 0
                            ? "(what was written is forgotten by now)"
                            : "request: " + new String(intent.request(), StandardCharsets.UTF_8));
            intent.answer().ifPresent(answer -> out.println("answer: " + new String(answer, StandardCharsets.UTF_8)));
            if (intent.state() == IntentState.PLANNED) {
                out.println(
                        "It was not done. If nothing asks for it any more: intents retry %d sends it, intents drop %d"
                                        .formatted(id, id)
                                + " gives it up.");
            }
            if (intent.state() == IntentState.WAITING) {
                out.println(
                        "It waits at the flood gate: leads waiting shows how many do. intents retry %d lets this one"
                                        .formatted(id)
                                + " through, intents drop %d gives it up.".formatted(id));
            }
            if (intent.state() == IntentState.UNKNOWN) {
                out.println(
                        "Look in the CRM whether it was done. If it was: intents confirm %d --record ID. If not: intents retry"
                                        .formatted(id)
                                + " %d. To leave it undone: intents drop %d.".formatted(id, id));
            }
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "confirm",
            mixinStandardHelpOptions = true,
            description = "It was done: you have seen the record in the CRM.")
    int confirm(
            @Mixin DataOption data,
            @Parameters(paramLabel = "ID") long id,
            @Option(
                            names = "--record",
                            required = true,
                            paramLabel = "RECORD",
                            description = "The record's id in the CRM.")
                    String record) {
        byte[] answer = JsonNodeFactory.instance
                .objectNode()
                .put("id", record)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        return decide(
                data,
                List.of(id),
                Event.CONFIRM,
                new Intent.Note(
                        Optional.of("a person has seen it in the CRM"),
                        Optional.of(record),
                        Optional.of(answer),
                        Optional.empty()));
    }

    @Command(
            name = "retry",
            mixinStandardHelpOptions = true,
            description = "It was not done, and shall be: it is sent.")
    int retry(@Mixin DataOption data, @Parameters(paramLabel = "ID", arity = "1..*") List<Long> ids) {
        return decide(data, ids, Event.RETRY, Intent.Note.reason(Intent.RELEASED));
    }

    @Command(name = "drop", mixinStandardHelpOptions = true, description = "Gives it up; it stays on record.")
    int drop(@Mixin DataOption data, @Parameters(paramLabel = "ID", arity = "1..*") List<Long> ids) {
        return decide(data, ids, Event.DROP, Intent.Note.reason("dropped by a person"));
    }

    private int decide(DataOption data, List<Long> ids, Event event, Intent.Note note) {
        PrintWriter out = spec.commandLine().getOut();
        int decided = 0;
        try (Store store = data.attach()) {
            for (long id : ids) {
                Intent intent = store.intents()
                        .get(id)
                        .orElseThrow(() -> new CommandException(ExitCodes.USAGE, "there is no intent " + id));
                if (intent.state().on(event).isEmpty()) {
                    out.println("intent %d is %s: nothing is to be decided".formatted(id, intent.state()));
                    continue;
                }
                Intent now = store.intents().happened(List.of(id), event, note).get(0);
                decided++;
                out.println("intent %d is %s".formatted(id, now.state()));
                if (event == Event.RETRY) {
                    out.println("it is sent by the running bridge within some seconds, or by the next one that runs");
                }
                if (event != Event.DROP) {
                    out.println("a change that waits for it as a dead letter goes on when it is replayed: dead-letters"
                            + " replay --route " + now.routeId());
                }
            }
        }
        return decided == ids.size() ? ExitCodes.DONE : ExitCodes.FAILED;
    }
}
