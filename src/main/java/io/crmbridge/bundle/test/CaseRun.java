package io.crmbridge.bundle.test;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.Finding;
import io.crmbridge.bundle.rehearse.Rehearsal;
import io.crmbridge.component.rehearse.Recorder;
import io.crmbridge.feed.Outcome;
import io.crmbridge.state.Store;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** One test, in a rehearsal of its own. */
final class CaseRun {
    private final Bundle bundle;
    private final BridgeConfig config;
    private final String route;
    private final TestFile.Case test;

    CaseRun(Bundle bundle, BridgeConfig config, String route, TestFile.Case test) {
        this.bundle = bundle;
        this.config = config;
        this.route = route;
        this.test = test;
    }

    /** @return differences; none where all is as expected */
    List<String> run(ScratchStores stores) {
        Clock clock = Clock.fixed(test.now(), ZoneOffset.UTC);
        Answers answers = new Answers(test.answers());
        AtomicReference<UnaryOperator<String>> resolved = new AtomicReference<>(UnaryOperator.identity());
        Recorder recorder = new Recorder(sent -> answers.to(sent.to(), sent.operation(), resolved.get()));
        try (Store store = stores.open(clock);
                Rehearsal rehearsal = Rehearsal.start(
                        bundle,
                        config,
                        new Rehearsal.Setting(
                                store,
                                KnownCrms.of(
                                        config,
                                        test.known(),
                                        (to, operation) -> answers.to(to, operation, resolved.get()),
                                        clock),
                                clock,
                                recorder,
                                Set.of(route)))) {
            resolved.set(rehearsal.context()::resolvePropertyPlaceholders);
            List<Outcome> outcomes = new Given(bundle.tests(), rehearsal, route, store, clock).comeIn(test.given());
            List<String> differences = new ArrayList<>(ends(outcomes));
            test.expect()
                    .ifPresent(expected -> differences.addAll(
                            new Expected(resolved.get()).compare(expected, recorder.sent(), test.unordered())));
            return differences;
        } catch (BundleException e) {
            return e.findings().stream().map(Finding::toString).toList();
        } catch (IllegalArgumentException e) {
            return List.of(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // The other tests go on.
            return List.of(
                    "the test cannot be run: %s: %s".formatted(e.getClass().getSimpleName(), e.getMessage()));
        }
    }

    private List<String> ends(List<Outcome> outcomes) {
        List<String> failures = outcomes.stream()
                .filter(outcome -> !(outcome instanceof Outcome.Done))
                .map(CaseRun::told)
                .distinct()
                .toList();
        if (test.failed().isEmpty()) {
            return failures.stream()
                    .map(failure -> "the route failed, " + failure)
                    .toList();
        }
        String wanted = test.failed().get();
        String because = test.because().orElse("");
        boolean asWanted = !failures.isEmpty()
                && failures.stream()
                        .allMatch(failure -> failure.startsWith(wanted + ": ") && failure.contains(because));
        if (asWanted) {
            return List.of();
        }
        return List.of(
                "how the route ends",
                "  - failed, %s%s".formatted(wanted, because.isEmpty() ? "" : ": ..." + because + "..."),
                "  + " + (failures.isEmpty() ? "did not fail" : "failed, " + String.join("; ", failures)));
    }

    private static String told(Outcome outcome) {
        String kind = "done";
        if (outcome instanceof Outcome.Passing) {
            kind = "passing";
        } else if (outcome instanceof Outcome.Permanent) {
            kind = "permanent";
        } else if (outcome instanceof Outcome.Refused) {
            kind = "refused";
        } else if (outcome instanceof Outcome.TargetDown) {
            kind = "down";
        }
        return kind + ": " + outcome.reason();
    }
}
