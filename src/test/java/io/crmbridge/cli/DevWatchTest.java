package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.bundle.BundleException;
import io.crmbridge.bundle.Finding;
import io.crmbridge.bundle.Swap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevWatchTest {
    private static final Swap REPLACED =
            new Swap(List.of(), List.of("deals"), List.of(), List.of("other"), List.of(), List.of());

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();
    private int swaps;
    private BundleException wrong;
    private DevWatch watch;
    private long saves;

    @BeforeEach
    void start() throws Exception {
        save("application.properties", "a=b");
        save("routes/deals.yaml", "1");
        watch = new DevWatch(folder, bundle -> swap(), told::add);
    }

    private Swap swap() {
        swaps++;
        if (wrong != null) {
            throw wrong;
        }
        return REPLACED;
    }

    private void save(String file, String text) throws Exception {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text);
        Files.setLastModifiedTime(folder.resolve(file), FileTime.from(Instant.ofEpochSecond(1_700_000_000 + ++saves)));
    }

    @Test
    void what_was_saved_before_the_bridge_had_started_is_taken_up_then() throws Exception {
        save("routes/deals.yaml", "2");
        DevWatch started = watch.with(bundle -> swap(), told::add);

        started.look();
        started.look();

        assertThat(swaps).isEqualTo(1);
    }

    @Test
    void what_was_saved_is_taken_up_once_when_the_folder_is_still() throws Exception {
        watch.look();
        save("routes/deals.yaml", "2");
        watch.look();
        save("routes/deals.yaml", "3");
        watch.look();
        assertThat(swaps).isZero();

        watch.look();
        watch.look();

        assertThat(swaps).isOne();
        assertThat(told).containsExactly("saved: replaced deals");
    }

    @Test
    void what_is_wrong_is_told_once_and_the_next_save_is_tried() throws Exception {
        wrong = new BundleException(List.of(new Finding("routes/deals.yaml", 3, 7, "no option \"dealy\"")));
        save("routes/deals.yaml", "2");
        watch.look();
        watch.look();
        watch.look();
        assertThat(told)
                .containsExactly("routes/deals.yaml:3:7: no option \"dealy\"", "not taken up: what ran runs on");

        wrong = null;
        save("routes/deals.yaml", "3");
        watch.look();
        watch.look();

        assertThat(told).last().isEqualTo("saved: replaced deals");
    }

    @Test
    void what_editors_leave_beside_a_file_and_what_is_no_part_of_a_bundle_is_no_change() throws Exception {
        save("routes/.deals.yaml.swp", "x");
        save("routes/deals.yaml~", "x");
        save("data/store.db", "x");
        save("target/classes/a.class", "x");
        watch.look();
        watch.look();

        assertThat(swaps).isZero();
    }

    @Test
    void a_folder_that_is_gone_as_with_its_drive_stops_nothing() throws Exception {
        Files.move(folder.resolve("routes"), folder.resolve("elsewhere"));
        watch.look();
        watch.look();
        watch.look();
        assertThat(swaps).isZero();
        assertThat(told).singleElement().asString().contains("no file in routes/", "runs on");

        Files.move(folder.resolve("elsewhere"), folder.resolve("routes"));
        watch.look();
        watch.look();
        assertThat(swaps).isOne();
    }
}
