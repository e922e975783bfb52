package io.crmbridge.crm.impactiveai;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.crm.impactiveai.WritesWorld.Action;
import io.crmbridge.crm.impactiveai.WritesWorld.Config;
import io.crmbridge.crm.impactiveai.WritesWorld.Fault;
import io.crmbridge.crm.impactiveai.WritesWorld.Verb;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
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
 * Random histories of writes, a CRM that loses answers before and after it commits or commits late, others who write there too,
 * kills and a person who decides, against an oracle that knows which write made which record. {@code -Dexplore=true} tries new
 * ones, {@code -Djqwik.tries.default=20000} more of them.
 */
@PropertyDefaults(shrinking = ShrinkingMode.BOUNDED)
class WritesModelTest {
    private static final AtomicInteger FOLDERS = new AtomicInteger();
    private static Path base;
    private static Path template;

    @BeforeContainer
    static void prepare() throws IOException {
        Path memory = Path.of("/dev/shm");
        base = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "writes-model")
                : Files.createTempDirectory("writes-model");
        template = base.resolve("template");
        Store.open(template, Clock.systemUTC()).close();
    }

    @AfterContainer
    static void remove() throws IOException {
        delete(base);
    }

    /** The same histories each time, so that a change is judged by itself. */
    @Property(seed = "20260501", tries = 400)
    void no_history_makes_a_record_twice_or_loses_one(
            @ForAll("configs") Config config, @ForAll("histories") List<Action> history) throws IOException {
        run(config, history);
    }

    /** Other histories each time, when asked. */
    @Property
    void no_new_history_does_either(@ForAll("configs") Config config, @ForAll("histories") List<Action> history)
            throws IOException {
        if (Boolean.getBoolean("explore")) {
            run(config, history);
        }
    }

    @Provide
    Arbitrary<Config> configs() {
        return Combinators.combine(
                        Arbitraries.of(100, 100, 12), Arbitraries.of(0, 0, -3_000, 3_600_000), Arbitraries.of(0, 3))
                .as(Config::new);
    }

    @Provide
    Arbitrary<List<Action>> histories() {
        Arbitrary<Integer> names = Arbitraries.integers().between(0, 4);
        return Arbitraries.frequencyOf(
                        Tuple.of(
                                12,
                                Combinators.combine(names, Arbitraries.just(0))
                                        .as((a, b) -> new Action(Verb.WRITE, a, b))),
                        Tuple.of(5, Arbitraries.integers().between(0, 9).map(a -> new Action(Verb.AGAIN, a, 0))),
                        Tuple.of(12, Arbitraries.of(Fault.values()).map(f -> new Action(Verb.FAULT, f.ordinal(), 0))),
                        Tuple.of(3, Arbitraries.of(1, 20, 150).map(a -> new Action(Verb.OTHERS, a, 0))),
                        Tuple.of(1, names.map(a -> new Action(Verb.NAMESAKE, a, 0))),
                        Tuple.of(4, Arbitraries.of(1, 1_000, 31_000, 120_000).map(a -> new Action(Verb.TICK, a, 0))),
                        Tuple.of(2, Arbitraries.just(new Action(Verb.RESTART, 0, 0))),
                        Tuple.of(3, Arbitraries.integers().between(0, 9).map(a -> new Action(Verb.DECIDE, a, 0))),
                        Tuple.of(2, Arbitraries.just(new Action(Verb.CHORE, 0, 0))))
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    private static void run(Config config, List<Action> history) throws IOException {
        Path folder = base.resolve("try-" + FOLDERS.incrementAndGet());
        Files.createDirectories(folder);
        Files.copy(template.resolve("crm-bridge.db"), folder.resolve("crm-bridge.db"));
        try (WritesWorld world = new WritesWorld(config, folder)) {
            world.run(history);
            Statistics.label("confirmed").collect(Math.min(world.confirmed(), 5));
            Statistics.label("unknown").collect(Math.min(world.unknown(), 3));
            Statistics.label("sent again").collect(Math.min(world.sentAgain(), 3));
        } catch (AssertionError broken) {
            throw new AssertionError(broken.getMessage() + "\n" + config + "\n" + history, broken);
        } finally {
            delete(folder);
        }
        assertThat(folder).doesNotExist();
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
