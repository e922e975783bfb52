package io.crmbridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.Change;
import io.crmbridge.state.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A CSV file in a folder, and a real process that is killed without warning in the middle of it. */
@Timeout(180)
class CsvKillTest extends KilledBridges {
    private static final int KILLS = Integer.getInteger("kills", 1);
    private static final int LINES = 12_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void each_good_line_is_in_the_inbox_once_and_each_bad_one_is_told_once() throws Exception {
        Path leads = Files.createDirectories(folder.resolve("leads"));
        List<String> good = new ArrayList<>();
        StringBuilder text = new StringBuilder("email,name\n");
        for (int i = 1; i <= LINES; i++) {
            if (i % 10 == 1) {
                text.append("lead").append(i).append('\n');
            } else {
                text.append("lead").append(i).append("@example.com,Ann\n");
                good.add("lead" + i + "@example.com");
            }
        }
        Files.writeString(leads.resolve("leads.csv"), text);
        try (Sandbox sandbox = Sandbox.start(SandboxOptions.defaults())) {
            bundle(sandbox, "leads.folder=" + leads);
            Files.writeString(folder.resolve("routes/routes.yaml"), """
                    - route:
                        id: leads-csv
                        from:
                          uri: file:{{leads.folder}}
                          parameters: { readLock: changed, readLockCheckInterval: 50, delay: 50, initialDelay: 0, move: .done, moveFailed: .failed }
                          steps:
                            - to: { uri: "inbox:leads", parameters: { format: csv } }
                    - route:
                        id: leads
                        from:
                          uri: inbox:leads
                          parameters: { batchSize: 1000 }
                          steps:
                            - log: { message: "leads" }
                    """);
            Path growing = leads.resolve(".errors/.leads.csv.errors.csv.tmp");
            for (int kill = 1; kill <= KILLS; kill++) {
                Files.deleteIfExists(growing);
                Process bridge = start("data");
                await().atMost(Duration.ofSeconds(30))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> Files.exists(growing) && Files.size(growing) > 0);
                LockSupport.parkNanos(Duration.ofMillis(random.nextInt(100)).toNanos());
                bridge.destroyForcibly().waitFor();
                assertThat(leads.resolve("leads.csv")).exists();
            }
            Process bridge = start("data");
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(leads.resolve(".done/leads.csv")));
            bridge.destroy();
            bridge.waitFor();
        }

        assertThat(emails()).containsExactlyElementsOf(good);
        List<String> errors = Files.readAllLines(leads.resolve(".errors/leads.csv.errors.csv"));
        assertThat(errors).hasSize(LINES / 10 + 1).doesNotHaveDuplicates();
        assertThat(errors.get(1)).isEqualTo("2,,\"has 1 cells, and the first line 2\"");
        assertThat(leads.resolve(".errors")).isDirectoryNotContaining("glob:**.tmp");
        assertThat(Files.readString(folder.resolve("data.log")))
                .as("the file was not read from its beginning alone")
                .containsPattern(" accepted, [1-9]\\d* duplicates, ");
    }

    private List<String> emails() throws IOException {
        try (Store store = Store.attach(folder.resolve("data"), Clock.systemUTC())) {
            long feed = store.sources().feeds().stream()
                    .filter(state -> state.name().equals("inbox/leads"))
                    .findFirst()
                    .orElseThrow()
                    .id();
            List<String> emails = new ArrayList<>();
            for (Change entry : store.log().read(feed, 0, 0, 1_000_000)) {
                emails.add(JSON.readTree(entry.body()).path("email").asText());
            }
            return emails;
        }
    }
}
