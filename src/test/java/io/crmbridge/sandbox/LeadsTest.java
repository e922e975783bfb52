package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Leads that come in by themselves; the webhook receiver stands for the bridge's inbox. */
@Timeout(60)
class LeadsTest extends SandboxTest {
    @TempDir
    private Path folder;

    private URI inbox() {
        return sandbox.receiver().url().resolve("inbox/leads");
    }

    private FormLeads forms(int most) {
        return new FormLeads(new LeadPeople(1, most), inbox(), sandbox.baseUrl(), new Random(1));
    }

    private List<WebhookReceiver.Received> posted() {
        return sandbox.receiver().received();
    }

    private List<Map<String, String>> postedForms() {
        return posted().stream().map(LeadsTest::fields).toList();
    }

    private static Map<String, String> fields(WebhookReceiver.Received call) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : new String(call.body(), StandardCharsets.UTF_8).split("&")) {
            String[] field = pair.split("=", 2);
            fields.put(field[0], URLDecoder.decode(field[1], StandardCharsets.UTF_8));
        }
        return fields;
    }

    @Test
    void a_form_comes_as_the_browser_posts_it() throws IOException {
        forms(1).send();

        WebhookReceiver.Received call = posted().get(0);
        assertThat(call.path()).isEqualTo("/inbox/leads");
        assertThat(call.headers())
                .containsEntry("origin", sandbox.baseUrl().toString())
                .containsKey("idempotency-key")
                .hasEntrySatisfying(
                        "content-type", type -> assertThat(type).startsWith("application/x-www-form-urlencoded"));
        assertThat(fields(call))
                .containsOnlyKeys("name", "email", "phone", "company", "country", "message", "source", "website")
                .hasEntrySatisfying("email", email -> assertThat(email).endsWith("@example.com"))
                .containsEntry("source", "web-form");
    }

    @Test
    void some_post_twice_with_another_key_and_spelling_and_some_are_machines() throws IOException {
        FormLeads forms = forms(40);
        for (int i = 0; i < 41; i++) {
            forms.send();
        }

        assertThat(postedForms()).hasSizeGreaterThan(40);
        assertThat(postedForms())
                .filteredOn(form -> !form.get("website").isEmpty())
                .hasSizeBetween(1, 10);
        List<String> addresses =
                postedForms().stream().map(form -> form.get("email")).toList();
        String again = addresses.stream()
                .filter(address -> address.startsWith(" "))
                .findFirst()
                .orElseThrow();
        assertThat(again).isUpperCase();
        assertThat(addresses).contains(again.strip().toLowerCase(Locale.ROOT));
        assertThat(new HashSet<>(addresses)).hasSameSizeAs(addresses);
        assertThat(posted())
                .extracting(call -> call.headers().get("idempotency-key"))
                .doesNotHaveDuplicates();
    }

    @Test
    void a_form_that_does_not_get_through_is_posted_again_with_its_key() throws IOException {
        FormLeads forms = forms(2);
        sandbox.receiver().stop();
        assertThatThrownBy(forms::send).isInstanceOf(IOException.class);
        sandbox.receiver().restart();
        sandbox.receiver().answer(404);
        assertThatThrownBy(forms::send).hasMessageContaining("answered 404");
        sandbox.receiver().answer(202);
        forms.send();

        assertThat(posted()).hasSizeGreaterThanOrEqualTo(2);
        assertThat(posted().get(1).headers().get("idempotency-key"))
                .isEqualTo(posted().get(0).headers().get("idempotency-key"));
        assertThat(fields(posted().get(1))).isEqualTo(fields(posted().get(0)));
    }

    @Test
    void a_form_that_is_refused_for_good_makes_room_for_the_next() throws IOException {
        sandbox.receiver().answer(400);
        FormLeads forms = forms(2);
        forms.send();
        forms.send();

        assertThat(Set.copyOf(postedForms())).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void a_file_is_there_when_it_is_whole_and_has_one_broken_line() throws IOException {
        Path dropped = folder.resolve("drop/leads");
        CsvLeads files = new CsvLeads(new LeadPeople(1, 4), dropped, 3, clock);
        files.send();
        files.send();
        files.send();

        List<Path> written;
        try (Stream<Path> all = Files.list(dropped)) {
            written = all.sorted().toList();
        }
        assertThat(written)
                .extracting(file -> file.getFileName().toString())
                .containsExactly("leads-20260501T120000-1.csv", "leads-20260501T120000-2.csv");
        String first = Files.readString(written.get(0));
        assertThat(first).startsWith("\uFEFFfirstName;lastName;email;phone;company;country;source;message\r\n");
        assertThat(first.lines()).hasSize(5).contains("This line is broken;");
        assertThat(Files.readString(written.get(1)).lines()).hasSize(3);
    }

    @Test
    void a_file_that_cannot_be_written_is_written_later() throws IOException {
        Path dropped = Files.writeString(folder.resolve("leads"), "in the way");
        CsvLeads files = new CsvLeads(new LeadPeople(1, 3), dropped, 3, clock);
        assertThatThrownBy(files::send).isInstanceOf(IOException.class);
        Files.delete(dropped);
        files.send();

        assertThat(Files.readString(dropped.resolve("leads-20260501T120000-1.csv"))
                        .lines())
                .hasSize(5);
    }

    @Test
    void mails_come_as_text_and_as_html_of_somebody_else() throws Exception {
        MailLeads mails = new MailLeads(new LeadPeople(1, 8), sandbox.mailbox().port(), clock, new Random(1));
        sandbox.mailbox().stop();
        assertThatThrownBy(mails::send).isInstanceOf(jakarta.mail.MessagingException.class);
        sandbox.mailbox().restart();
        for (int i = 0; i < 9; i++) {
            mails.send();
        }

        List<Mail> all = sandbox.mailbox().mails();
        assertThat(all)
                .hasSize(8)
                .allSatisfy(mail -> assertThat(mail.recipients()).containsExactly(Mailbox.READ_ADDRESS));
        assertThat(all)
                .filteredOn(mail -> mail.html().isEmpty())
                .isNotEmpty()
                .allSatisfy(mail -> assertThat(mail.from()).matches("\\w+ Example <\\w+\\.example\\d+@example\\.com>"));
        assertThat(all).filteredOn(mail -> mail.text().isEmpty()).isNotEmpty().allSatisfy(mail -> {
            assertThat(mail.from()).isEqualTo("Example Portal <portal@example.com>");
            assertThat(new String(mail.raw(), StandardCharsets.UTF_8))
                    .containsPattern("Reply-To: \\w+ Example <\\w+\\.example\\d+@example\\.com>");
        });
    }

    @Test
    void the_same_seed_makes_the_same_people() {
        LeadPeople people = new LeadPeople(7, 50);
        LeadPeople others = new LeadPeople(7, 50);

        for (int i = 0; i < 50; i++) {
            assertThat(people.next()).isPresent().isEqualTo(others.next());
        }
        assertThat(people.next()).isEmpty();
    }

    @Test
    void they_come_by_all_three_ways_until_there_are_enough() {
        Duration often = Duration.ofMillis(20);
        sandbox.startLeads(LeadOptions.to(inbox(), folder)
                .withFormEach(often)
                .withCsvEach(often)
                .withCsvLines(2)
                .withMailEach(often)
                .withMost(12));

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            int forms = new HashSet<>(postedForms().stream()
                            .map(form -> form.get("email").strip().toLowerCase(Locale.ROOT))
                            .toList())
                    .size();
            long lines = leadsInFiles();
            int mails = sandbox.mailbox().count();
            assertThat(List.of((long) forms, lines, (long) mails)).doesNotContain(0L);
            assertThat(forms + lines + mails).isEqualTo(12);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"leads", "mailto:leads@example.com"})
    void forms_are_posted_to_nothing_but_a_web_address(String inbox) {
        assertThatThrownBy(() -> LeadOptions.to(URI.create(inbox), folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http or https");
    }

    @Test
    void a_rate_must_be_above_zero() {
        assertThatThrownBy(() -> LeadOptions.to(inbox(), folder).withMailEach(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mailEach must be above zero");
    }

    private long leadsInFiles() throws IOException {
        long lines = 0;
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(one -> one.toString().endsWith(".csv")).toList()) {
                lines += Files.readString(file).lines().count() - 2;
            }
        }
        return lines;
    }
}
