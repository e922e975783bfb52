package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.feed.FeedAction.Verb;
import io.crmbridge.feed.FeedWorld.Config;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription.StartFrom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

/**
 * Random histories of a CRM, a target, a clock and kills, against an oracle that knows every version. A failing history is
 * printed as a script; {@link FeedHistoryTest} replays such scripts. {@code -Dexplore=true} tries new ones, {@code -Djqwik.tries.default=20000}
 * more of them.
 */
@PropertyDefaults(shrinking = ShrinkingMode.BOUNDED)
class FeedModelTest {
    private static Path base;
    private static Path template;
    private static final AtomicInteger FOLDERS = new AtomicInteger();

    @BeforeContainer
    static void prepare() throws IOException {
        Path memory = Path.of("/dev/shm");
        base = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "feed-model")
                : Files.createTempDirectory("feed-model");
        template = base.resolve("template");
        Store.open(template, Clock.systemUTC()).close();
    }

    @AfterContainer
    static void remove() throws IOException {
        delete(base);
    }

    /** The same histories each time, so that a change is judged by itself. */
    @Property(seed = "20260501")
    void no_history_loses_a_version_or_repeats_one_without_its_mark(
            @ForAll("configs") Config config, @ForAll("histories") List<FeedAction> history) throws IOException {
        run(config, history);
    }

    /** Other histories each time, when asked. */
    @Property
    void no_new_history_does_either(@ForAll("configs") Config config, @ForAll("histories") List<FeedAction> history)
            throws IOException {
        if (Boolean.getBoolean("explore")) {
            run(config, history);
        }
    }

    @Provide
    Arbitrary<Config> configs() {
        return Combinators.combine(
                        Arbitraries.of(StartFrom.BEGINNING, StartFrom.BEGINNING, StartFrom.NOW, StartFrom.MIRROR),
                        Arbitraries.of(1, 1, 3, 8),
                        Arbitraries.of(1, 1, 3),
                        Arbitraries.of(Tuple.of(4, 4), Tuple.of(6, 6), Tuple.of(30, 30), Tuple.of(6, 4)),
                        Arbitraries.of(0, 1, 3, 9),
                        Arbitraries.of(true, false),
                        Arbitraries.of(1, 2))
                .as((from, parallel, batch, caps, seeds, hold, routes) ->
                        new Config(from, parallel, batch, caps.get1(), caps.get2(), seeds, hold, routes));
    }

    @Provide
    Arbitrary<List<FeedAction>> histories() {
        return action().list().ofMinSize(1).ofMaxSize(60);
    }

    private static Arbitrary<FeedAction> action() {
        Arbitrary<Integer> records = Arbitraries.integers().between(0, 7);
        Arbitrary<FeedAction> plain = Arbitraries.frequencyOf(
                Tuple.of(14, of(Verb.UPDATE, records, Arbitraries.just(0))),
                Tuple.of(3, of(Verb.UPDATE, records, Arbitraries.of(1, 10, 40, 54))),
                Tuple.of(2, of(Verb.REMOVE, records, Arbitraries.just(0))),
                Tuple.of(2, of(Verb.BURST, Arbitraries.of(1, 3, 5, 12), Arbitraries.of(0, 1))),
                Tuple.of(1, of(Verb.FUTURE, Arbitraries.of(8, 9), Arbitraries.just(0))),
                Tuple.of(1, of(Verb.BROKEN, Arbitraries.of(10, 11), Arbitraries.just(0))),
                Tuple.of(
                        12,
                        of(
                                Verb.TICK,
                                Arbitraries.of(1, 25, 1_000, 5_000, 31_000, 61_000, 400_000),
                                Arbitraries.just(0))),
                Tuple.of(9, just(Verb.POLL)),
                Tuple.of(12, just(Verb.WORK)),
                Tuple.of(5, of(Verb.STEP, Arbitraries.of(0, 1, 2), Arbitraries.just(0))),
                Tuple.of(9, of(Verb.OUTCOME, Arbitraries.of(0, 1, 1, 1, 2, 2, 3, 4, 5, 6), Arbitraries.of(1, 2, 3, 6))),
                Tuple.of(2, of(Verb.DOWN, Arbitraries.of(0, 1), Arbitraries.just(0))),
                Tuple.of(3, just(Verb.SAVE)),
                Tuple.of(1, of(Verb.FAIL_SAVE, Arbitraries.of(1, 2), Arbitraries.just(0))),
                Tuple.of(1, of(Verb.FAIL_READ, Arbitraries.just(1), Arbitraries.just(0))),
                Tuple.of(1, of(Verb.FAIL_BEGIN, Arbitraries.just(1), Arbitraries.just(0))),
                Tuple.of(1, of(Verb.FAIL_COMMIT, Arbitraries.just(1), Arbitraries.just(0))),
                Tuple.of(5, of(Verb.KILL, Arbitraries.of(0, 1, 1, 2, 3, 4), Arbitraries.just(0))),
                Tuple.of(2, just(Verb.RESTART)),
                Tuple.of(1, just(Verb.PURGE)),
                Tuple.of(2, just(Verb.REPLAY)),
                Tuple.of(1, just(Verb.PAUSE)),
                Tuple.of(2, just(Verb.RESUME)),
                Tuple.of(3, of(Verb.FAULT, Arbitraries.of(0, 1, 2, 3, 4, 5), Arbitraries.just(0))));
        return Combinators.combine(plain, Arbitraries.of(false, false, false, false, true))
                .as((action, during) -> during && action.verb() != Verb.RESTART ? action.inDelivery() : action);
    }

    private static Arbitrary<FeedAction> just(Verb verb) {
        return Arbitraries.just(FeedAction.of(verb, 0, 0));
    }

    private static Arbitrary<FeedAction> of(Verb verb, Arbitrary<Integer> a, Arbitrary<Integer> b) {
        return Combinators.combine(a, b).as((x, y) -> FeedAction.of(verb, x, y));
    }

    private static void run(Config config, List<FeedAction> history) throws IOException {
        Path folder = base.resolve("try-" + FOLDERS.incrementAndGet());
        Files.createDirectories(folder);
        Files.copy(template.resolve("crm-bridge.db"), folder.resolve("crm-bridge.db"));
        try (FeedWorld world = new FeedWorld(config, folder)) {
            world.run(history);
            Statistics.label("kills").collect(Math.min(world.kills, 3));
            Statistics.label("excused").collect(Math.min(world.excuses, 2));
            assertThat(world.polls).isPositive();
        } catch (AssertionError broken) {
            throw new AssertionError(broken.getMessage() + "\n" + config + "\n" + history, broken);
        } finally {
            delete(folder);
        }
    }

    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
