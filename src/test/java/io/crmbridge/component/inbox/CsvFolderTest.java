package io.crmbridge.component.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.Finding;
import io.crmbridge.component.TestBridge;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.state.Change;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** CSV files that are dropped into a folder. */
@Timeout(120)
class CsvFolderTest {
    private static final int LINES = Integer.getInteger("csv.lines", 20_000);
    private static final Charset LATIN = StandardCharsets.ISO_8859_1;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private TestBridge bridge;
    private Path leads;

    @BeforeEach
    void start() throws IOException {
        leads = Files.createDirectories(folder.resolve("leads"));
        bridge = TestBridge.in(folder, sandbox)
                .set("leads.folder", leads)
                .schema("leads", """
                        {"type": "object", "required": ["email"],
                         "properties": {"email": {"type": "string", "format": "email"}}}""")
                .yaml("""
                        - route:
                            id: leads-csv
                            from:
                              uri: file:{{leads.folder}}
                              parameters: { readLock: changed, readLockCheckInterval: 50, delay: 50, initialDelay: 0, move: .done, moveFailed: .failed, recursive: true }
                              steps:
                                - to: { uri: "inbox:leads", parameters: { format: csv } }
                                - to: { uri: "mock:summary" }
                        """)
                .yaml("""
                        - route:
                            id: leads-twice
                            from:
                              uri: direct:keyed
                              steps:
                                - to: { uri: "inbox:leads", parameters: { format: csv, key: "${body[email]}" } }
                        """)
                .yaml(InboxRouteTest.reading("leads", "inbox:leads?batchSize=1000"))
                .start();
    }

    @AfterEach
    void close() {
        bridge.close();
        sandbox.close();
    }

    private void drop(String name, byte[] content) throws IOException {
        Path elsewhere = Files.write(folder.resolve(name), content);
        Files.move(elsewhere, leads.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private void drop(String name, String content) throws IOException {
        drop(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private void await(String file) {
        org.awaitility.Awaitility.await(file)
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Files.exists(leads.resolve(file)));
    }

    private Map<?, ?> summary(int number) {
        return bridge.mock("summary").getExchanges().get(number).getMessage().getBody(Map.class);
    }

    private String errors(String file) throws IOException {
        return Files.readString(leads.resolve(".errors").resolve(file + ".errors.csv"))
                .replace("\r\n", "\n");
    }

    private List<JsonNode> entries() throws IOException {
        long feed = bridge.store().sources().feeds().stream()
                .filter(state -> state.name().equals("inbox/leads"))
                .findFirst()
                .orElseThrow()
                .id();
        List<JsonNode> entries = new ArrayList<>();
        for (Change entry : bridge.store().log().read(feed, 0, 0, 1_000_000)) {
            entries.add(JSON.readTree(entry.body()));
        }
        return entries;
    }

    @Test
    void good_lines_are_entries_and_each_bad_one_is_told_with_its_number_and_without_its_values() throws IOException {
        drop("leads.csv", """
                sep=;
                email;"full; name";note

                ann@example.com;Ann;"two
                lines"
                "ben@example.com;Ben;not closed
                cem@example.com;Cem;"said ""yes\"""
                s3cret;Dan;
                ;;
                eve@example.com;"Eve" E.;x
                fay@example.com;Fay
                gus@example.com;6" nail;last""");
        await(".done/leads.csv");

        assertThat(BundleReader.read(Bundle.at(folder.resolve("bundle"), Map.of()), Map.of())
                        .warnings())
                .extracting(Finding::message)
                .allMatch(message -> message.startsWith("no step of this bundle hands over to direct:keyed"));
        assertThat(entries())
                .extracting(entry -> entry.get("email").asText())
                .containsExactly("ann@example.com", "cem@example.com", "gus@example.com");
        assertThat(entries().get(0).get("note").asText()).isEqualTo("two\nlines");
        assertThat(entries().get(1).get("note").asText()).isEqualTo("said \"yes\"");
        assertThat(entries().get(2).get("full; name").asText()).isEqualTo("6\" nail");
        assertThat(errors("leads.csv")).isEqualTo("""
                line,field,fault
                6,,"a quote in it is not closed, or something follows one"
                8,/email,is no email
                10,,"a quote in it is not closed, or something follows one"
                11,,"has 2 cells, and the first line 3"
                """);
        assertThat(summary(0).toString())
                .startsWith("{file=leads.csv, lines=7, accepted=3, duplicates=0, faulty=4, errors=");
    }

    @Test
    void a_file_that_is_dropped_again_under_another_name_is_known_and_one_that_is_right_now_has_no_errors_left()
            throws IOException {
        drop("a.csv", "email\nann@example.com\nnobody\n");
        await(".done/a.csv");
        drop("b.csv", "email\nann@example.com\nnobody\n");
        await(".done/b.csv");
        drop("a.csv", "email\nann@example.com\nben@example.com\n");
        org.awaitility.Awaitility.await().until(() -> bridge.mock("summary").getReceivedCounter() == 3);

        assertThat(summary(1).toString()).contains("accepted=0, duplicates=1, faulty=1");
        assertThat(summary(2).toString()).isEqualTo("{file=a.csv, lines=2, accepted=2, duplicates=0, faulty=0}");
        assertThat(leads.resolve(".errors/a.csv.errors.csv")).doesNotExist();
        assertThat(errors("b.csv")).contains("3,/email,is no email");
    }

    @Test
    void the_charset_and_what_stands_between_cells_are_found_out() throws IOException {
        drop("utf8.csv", "\uFEFFemail,name\nann@example.com,Zoë\n");
        await(".done/utf8.csv");
        drop("utf16le.csv", "\uFEFFemail\tname\r\nben@example.com\tZoë\r\n".getBytes(StandardCharsets.UTF_16LE));
        await(".done/utf16le.csv");
        drop("utf16be.csv", "\uFEFFemail;name\rcem@example.com;Zoë\r".getBytes(StandardCharsets.UTF_16BE));
        await(".done/utf16be.csv");
        drop("latin.csv", "email;name\r\ndan@example.com;Zoë\u0080\r\n".getBytes(LATIN));
        await(".done/latin.csv");

        assertThat(entries())
                .extracting(JsonNode::toString)
                .containsExactly(
                        "{\"email\":\"ann@example.com\",\"name\":\"Zoë\"}",
                        "{\"email\":\"ben@example.com\",\"name\":\"Zoë\"}",
                        "{\"email\":\"cem@example.com\",\"name\":\"Zoë\"}",
                        "{\"email\":\"dan@example.com\",\"name\":\"Zoë€\"}");
    }

    @Test
    void a_file_without_a_good_line_fails_and_says_why() throws IOException {
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        logged.start();
        root.addAppender(logged);
        drop("empty.csv", "\n\n");
        drop("doubled.csv", "email,name,email\nann@example.com,Ann,x\n");
        drop("unnamed.csv", "email,,name\nann@example.com,,Ann\n");
        drop("head.csv", "email,\"name\nann@example.com,Ann\n");
        drop("only-head.csv", "email,name\n");
        drop("all-bad.csv", "email\nnobody\nno one\n");
        drop("book.xlsx", new byte[] {'P', 'K', 3, 4, 0, 0, 1});
        for (String file : List.of(
                "empty.csv", "doubled.csv", "unnamed.csv", "head.csv", "only-head.csv", "all-bad.csv", "book.xlsx")) {
            await(".failed/" + file);
        }
        root.detachAppender(logged);

        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("inbox leads: there is no good line in all-bad.csv, told in ")
                        .endsWith("all-bad.csv.errors.csv"))
                .noneSatisfy(line -> assertThat(line).contains("nobody"));
        assertThat(errors("empty.csv")).contains("0,,there is no line in it");
        assertThat(errors("doubled.csv")).contains("1,,column 3 has the name of column 1");
        assertThat(errors("unnamed.csv")).contains("1,,column 2 has no name");
        assertThat(errors("head.csv")).contains("1,,\"a quote in it is not closed, or something follows one\"");
        assertThat(errors("only-head.csv")).contains("0,,there is nothing below the line of names");
        assertThat(errors("all-bad.csv")).contains("2,/email,is no email", "3,/email,is no email");
        assertThat(errors("book.xlsx")).contains("0,,\"this is no CSV: it holds bytes that no text has");
        assertThat(bridge.store().inboxes().tallies()).isEmpty();
        assertThat(bridge.mock("summary").getReceivedCounter()).isZero();
    }

    @Test
    void a_key_holds_for_each_line_and_a_body_need_not_be_a_file() throws IOException {
        Object first = bridge.camel()
                .createProducerTemplate()
                .requestBody("direct:keyed", "email,name\nann@example.com,Ann\nann@example.com,Anna\n");
        Object second = bridge.camel()
                .createProducerTemplate()
                .requestBody(
                        "direct:keyed",
                        new java.io.ByteArrayInputStream(
                                "email\nann@example.com\nben@example.com\n".getBytes(StandardCharsets.UTF_8)));

        assertThat(first.toString()).contains("accepted=1, duplicates=1, faulty=0");
        assertThat(second.toString()).contains("accepted=1, duplicates=1, faulty=0");
        assertThat(bridge.store().inboxes().tallies())
                .singleElement()
                .satisfies(tally -> assertThat(tally.accepted()).isEqualTo(2));
    }

    /** With 200,000 lines: {@code -Dcsv.lines=200000}. */
    @Test
    void a_long_file_with_broken_lines_is_taken_line_by_line() throws IOException {
        Path elsewhere = folder.resolve("long.csv");
        int broken = 0;
        try (Writer file = Files.newBufferedWriter(elsewhere, LATIN)) {
            file.write("email;name;company;note\r\n");
            for (int i = 1; i <= LINES; i++) {
                file.write(
                        switch (i % 500) {
                            case 100 -> "\"lead" + i + "@example.com;Zoë;Müller;open\r\n";
                            case 200 -> "lead" + i + "@example.com;Zoë\r\n";
                            case 300 -> "lead" + i + "@example.com;\"Zoë\" x;Müller;after\r\n";
                            case 400 -> "lead" + i + ";Zoë;Müller;no address\r\n";
                            default -> "lead" + i + "@example.com;Zoë;\"Müller & Söhne\";a note of some words\r\n";
                        });
                broken += i % 500 != 0 && i % 100 == 0 ? 1 : 0;
            }
        }
        long begun = System.nanoTime();
        Files.move(elsewhere, leads.resolve("long.csv"));
        await(".done/long.csv");
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf("%d lines in %.1f s, %.0f a second%n", LINES, seconds, LINES / seconds);

        assertThat(summary(0).toString())
                .startsWith("{file=long.csv, lines=%d, accepted=%d, duplicates=0, faulty=%d, "
                        .formatted(LINES, LINES - broken, broken));
        assertThat(errors("long.csv").lines())
                .hasSize(broken + 1)
                .contains("101,,\"a quote in it is not closed, or something follows one\"");
        List<JsonNode> entries = entries();
        assertThat(entries).hasSize(LINES - broken);
        assertThat(entries.get(0).toString())
                .isEqualTo("{\"email\":\"lead1@example.com\",\"name\":\"Zoë\",\"company\":\"Müller & Söhne\","
                        + "\"note\":\"a note of some words\"}");
    }
}
