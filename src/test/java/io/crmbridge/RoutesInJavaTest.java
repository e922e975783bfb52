package io.crmbridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.component.TestBridge;
import io.crmbridge.sandbox.Mail;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import io.crmbridge.sandbox.WebhookReceiver.Received;
import io.crmbridge.sandbox.WebhookReceiver.Reply;
import io.crmbridge.sandbox.intellivizz.Location;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;

/** The shipped routes in Java run beside those in YAML, and whatever one does outside, the other does as well. */
@Timeout(120)
class RoutesInJavaTest {
    private static final Map<String, Object> WON = Map.of("stageName", "Won");

    @TempDir
    private Path folder;

    private final Sandbox sandbox = Sandbox.start(SandboxOptions.defaults());
    private final HeldSchedules schedules = new HeldSchedules();
    private TestBridge bridge;

    @AfterEach
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        schedules.close();
        sandbox.close();
    }

    /** The whole shipped bundle with a target for each route; schedules fire when a test says so. */
    private void start() throws IOException, SQLException {
        for (String part : List.of("routes", "mappings", "templates", "leads")) {
            Files.createDirectories(folder.resolve("bundle").resolve(part));
            try (Stream<Path> files = Files.list(Path.of(part))) {
                for (Path file : files.toList()) {
                    Files.copy(file, folder.resolve("bundle").resolve(file));
                }
            }
        }
        execute("CREATE TABLE deals (id text PRIMARY KEY, name text, stage text, amount numeric, updated_at text)");
        bridge = TestBridge.in(folder, sandbox)
                .set("bridge.routes.java", String.join(",", ShippedRoutesTest.inJava()))
                .set("poll.delay", "1h")
                .set("export.roll", "1h")
                .set("report.time-zone", "UTC")
                .set("report.cron", "0 0 0 29 2 ?")
                .set("overdue.cron", "0 0 0 29 2 ?")
                .set("weekly.cron", "0 0 0 29 2 ?")
                .set("digest.cron", "0 0 0 29 2 ?")
                .set("failing.cron", "0 0 0 29 2 ?")
                .set("booking.sequence", "Bookings")
                .set("leads.folder", folder.resolve("leads-in"))
                .set("leads.mail.url", "imap:127.0.0.1")
                .set("leads.mail.username", "leads")
                .set("leads.mail.password", "none")
                .set("leads.mail.delay", "60000")
                .set("bridge.route.leads-mail.enabled", false)
                .set("bridge.route.leads-mail-in-java.enabled", false)
                .set("chat.webhook", sandbox.receiver().url().resolve("chat"))
                .set("bridge.datasource.warehouse.url", database())
                .set("bridge.mail.office.to", "office@example.com")
                .mail("office")
                .hook("erp")
                .hook("companies")
                .hook("projects")
                .hook("replies")
                .hook("opportunities")
                .location(
                        "intellivizz",
                        sandbox.intellivizz(),
                        sandbox.intellivizz().location())
                .set("intellivizz.poll.delay", "1h")
                .set("intellivizz.form", "*")
                .start(Clock.systemUTC(), schedules);
    }

    private String create(String resource, Map<String, Object> fields) {
        return sandbox.workspace().create(resource, fields);
    }

    private void change(String resource, String id, Map<String, Object> fields) {
        sandbox.workspace().update(resource, id, fields);
        bridge.poll(resource);
    }

    /** Both have dealt with so many changes, whether anything came of them or not. */
    private void awaitBoth(String route, long changes) {
        bridge.awaitDelivered(route, changes);
        bridge.awaitDelivered(route + "-in-java", changes);
    }

    private void fireBoth(String route) throws SchedulerException {
        for (String id : List.of(route, route + "-in-java")) {
            QuartzEndpoint source = (QuartzEndpoint) bridge.camel().getRoute(id).getEndpoint();
            Scheduler scheduler = source.getComponent().getScheduler();
            Trigger yearly = scheduler.getTrigger(source.getTriggerKey());
            Trigger now = TriggerBuilder.newTrigger()
                    .withIdentity(yearly.getKey())
                    .forJob(yearly.getJobKey())
                    .usingJobData(yearly.getJobDataMap())
                    .withSchedule(SimpleScheduleBuilder.repeatHourlyForever())
                    .build();
            long before = ends(id);
            scheduler.rescheduleJob(yearly.getKey(), now);
            await("end of " + id).atMost(Duration.ofSeconds(15)).until(() -> ends(id) > before);
        }
        assertThat(bridge.store().schedules().all())
                .filteredOn(schedule -> schedule.routeId().startsWith(route))
                .allSatisfy(schedule -> assertThat(schedule.failure()).isEmpty());
    }

    private long ends(String id) {
        return bridge.store().schedules().all().stream()
                .filter(schedule -> schedule.routeId().equals(id))
                .flatMap(schedule -> schedule.ended().stream())
                .mapToLong(end -> end.toEpochMilli())
                .findFirst()
                .orElse(0);
    }

    private List<Received> calls(String path) {
        return sandbox.receiver().received().stream()
                .filter(call -> call.path().equals("/" + path))
                .toList();
    }

    /** One effect by each of the two routes, alike but for what tells them apart. */
    private static ListAssert<String> assertPair(List<String> effects) {
        return assertThat(effects)
                .hasSize(2)
                .allSatisfy(effect -> assertThat(effect).isEqualTo(effects.get(0)));
    }

    private ListAssert<String> assertPairOfCalls(String path) {
        assertThat(calls(path))
                .extracting(call -> call.headers().get("webhook-id"))
                .doesNotHaveDuplicates();
        return assertPair(calls(path).stream().map(Received::text).toList());
    }

    private ListAssert<String> assertPairOfMails() {
        assertThat(sandbox.mailbox().mails()).extracting(Mail::messageId).doesNotHaveDuplicates();
        return assertPair(mails());
    }

    private List<String> mails() {
        return sandbox.mailbox().mails().stream()
                .map(mail -> String.join(
                        "\n",
                        mail.subject(),
                        mail.recipients().toString(),
                        mail.text(),
                        mail.html(),
                        mail.attachments().stream()
                                .map(attachment -> attachment.type() + "\n"
                                        + new String(attachment.content(), StandardCharsets.UTF_8))
                                .toList()
                                .toString()))
                .toList();
    }

    /** What stands in the one file of this kind, finished or not. */
    private String file(String directory, String kind) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("exports").resolve(directory))) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().startsWith(kind + "-"))
                    .toList();
            assertThat(found).as("files of %s in %s", kind, directory).hasSize(1);
            return Files.readString(found.get(0));
        }
    }

    private String database() {
        return "jdbc:sqlite:" + folder.resolve("warehouse.db");
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private List<String> rows(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    @Test
    void contacts_become_rows_of_csv() throws Exception {
        create("contacts", Map.of("firstName", "Jane", "lastName", "Roe", "email", "jane@example.com"));
        start();
        create("contacts", Map.of("firstName", "John", "lastName", "Doe", "email", "john@example.com"));
        bridge.poll("contacts");
        awaitBoth("contacts-to-csv", 2);

        assertThat(file("in-java", "contacts"))
                .isEqualTo(file("", "contacts"))
                .startsWith("id,firstName,lastName,email,phone,title,companyName,updatedAt")
                .containsSubsequence("jane@example.com", "john@example.com");
    }

    @Test
    void projects_become_lines_of_ndjson_and_companies_and_projects_go_to_a_webhook_each() throws Exception {
        create("projects", Map.of("name", "Before"));
        start();
        create("projects", Map.of("name", "Roof"));
        create("companies", Map.of("name", "Acme"));
        bridge.poll("projects");
        bridge.poll("companies");
        awaitBoth("projects-to-ndjson", 2);
        awaitBoth("projects-to-webhook", 1);
        awaitBoth("companies-to-webhook", 1);

        assertThat(file("in-java", "projects")).isEqualTo(file("", "projects")).containsSubsequence("Before", "Roof");
        assertPairOfCalls("projects").first().asString().contains("Roof");
        assertPairOfCalls("companies").first().asString().contains("Acme");
    }

    @Test
    void a_deal_that_is_won_goes_to_the_erp_and_by_mail_and_no_other_does() throws Exception {
        String won = create("deals", Map.of("name", "Big", "stageName", "Proposal", "amount", 5));
        String other = create("deals", Map.of("name", "Small", "stageName", "Proposal"));
        start();
        change("deals", other, Map.of("name", "Smaller"));
        change("deals", won, WON);
        change("deals", won, Map.of("amount", 6));
        awaitBoth("deal-won-to-erp", 3);
        awaitBoth("deal-won-mail", 3);

        assertPairOfCalls("erp").first().asString().contains("deal.won", won, "Big");
        assertPairOfMails().first().asString().contains("Won: Big", "office@example.com", "<html");
    }

    @Test
    void a_deals_row_is_written_by_both_and_no_later_version_is_overwritten() throws Exception {
        String id = create("deals", Map.of("name", "Big", "stageName", "Proposal", "amount", 5.5));
        start();
        awaitBoth("deals-to-database", 1);
        // What is written is noted and made undone, so that each finds the row without the other's work.
        execute("CREATE TABLE written (row text)", """
                CREATE TRIGGER note AFTER UPDATE ON deals BEGIN
                    INSERT INTO written VALUES (new.id || ' ' || new.name || ' ' || new.stage || ' ' || new.amount
                        || ' ' || new.updated_at);
                    UPDATE deals SET name = '', stage = '', amount = 0, updated_at = '' WHERE id = new.id;
                END""");
        change("deals", id, Map.of("name", "Bigger", "stageName", "Won", "amount", 7.25));
        awaitBoth("deals-to-database", 2);

        assertPair(rows("SELECT row FROM written")).first().asString().contains(id + " Bigger Won 7.25 2");
        execute("DROP TRIGGER note", "UPDATE deals SET name = 'Later', updated_at = '2999'");
        change("deals", id, Map.of("name", "Biggest"));
        awaitBoth("deals-to-database", 3);
        assertThat(rows("SELECT name FROM deals")).containsExactly("Later");
    }

    @Test
    void a_chat_room_hears_of_a_new_contact_and_of_no_change() throws Exception {
        String old = create("contacts", Map.of("firstName", "Jane", "lastName", "Roe"));
        start();
        change("contacts", old, Map.of("title", "CEO"));
        create("contacts", Map.of("firstName", "John", "lastName", "Doe"));
        bridge.poll("contacts");
        awaitBoth("contact-to-chat", 2);

        assertPair(calls("chat").stream()
                        .map(call -> call.headers().get("content-type") + call.text())
                        .toList())
                .first()
                .asString()
                .isEqualTo("application/json{\"text\":\"New contact: John Doe\"}");
    }

    @Test
    void a_form_of_the_other_crm_becomes_one_contact_that_is_enrolled_once() throws Exception {
        String welcome = sandbox.workspace().createSequence(Map.of("name", "Welcome"));
        start();
        Location other = sandbox.intellivizz().location();
        other.create(
                "form-submissions",
                Map.of(
                        "formId",
                        "f1",
                        "name",
                        "Ann Lee",
                        "email",
                        "Ann@Example.com",
                        "others",
                        Map.of("country", "DE", "consent", true)));
        bridge.poll("intellivizz", "form-submissions");
        awaitBoth("form-to-lead", 1);

        assertThat(sandbox.workspace().enrollments(welcome)).hasSize(1);
        assertThat(sandbox.workspace().all("contacts"))
                .singleElement()
                .satisfies(contact -> assertThat(contact)
                        .containsEntry("email", "ann@example.com")
                        .containsEntry("lastName", "Lee"));
        assertThat(file("in-java", "form-leads").lines().count())
                .isEqualTo(file("", "form-leads").lines().count())
                .isEqualTo(2);
    }

    @Test
    void an_opportunity_that_is_won_and_an_appointment_of_the_other_crm_are_told_by_both() throws Exception {
        start();
        Location other = sandbox.intellivizz().location();
        String won = other.create("opportunities", Map.of("name", "Roof", "status", "open"));
        bridge.poll("intellivizz", "opportunities");
        other.update("opportunities", won, Map.of("status", "won"));
        bridge.poll("intellivizz", "opportunities");
        awaitBoth("opportunity-won-to-webhook", 2);
        assertPairOfCalls("opportunities").first().asString().contains("Roof", "won");

        String talk =
                other.create("appointments", Map.of("title", "A first talk", "startTime", "2031-05-01T10:00:00Z"));
        bridge.poll("intellivizz", "appointments");
        awaitBoth("appointment-mail", 1);
        assertPairOfMails().first().asString().contains("Appointment: A first talk", "2031-05-01T10:00:00Z");
        other.update("appointments", talk, Map.of("title", "Another title"));
        bridge.poll("intellivizz", "appointments");
        awaitBoth("appointment-mail", 2);
        assertThat(sandbox.mailbox().mails()).hasSize(2);
    }

    @Test
    void a_lead_becomes_a_contact_once_and_is_told_by_both() throws Exception {
        String welcome = sandbox.workspace().createSequence(Map.of("name", "Welcome"));
        start();
        HttpRequest lead = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/inbox/leads".formatted(bridge.port())))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("email=Ann%40Example.com&name=Ann+Lee&country=Germany"))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(lead, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(202);
        awaitBoth("leads", 1);
        for (String dropped : List.of("", "in-java")) {
            Path into = Files.createDirectories(folder.resolve("leads-in").resolve(dropped));
            Files.writeString(
                    into.resolve("leads.csv"), "email;name\nben%s@example.com;Ben Example\n".formatted(dropped));
        }
        awaitBoth("leads", 3);
        assertThat(sandbox.workspace().enrollments(welcome)).hasSize(3);

        assertThat(sandbox.workspace().all("contacts")).hasSize(3);
        bridge.exporter().close();
        String both = file("", "leads") + file("in-java", "leads");
        assertThat(both).containsOnlyOnce("ann@example.com,created,website,DE,Welcome,");
        assertThat(both).containsOnlyOnce("ann@example.com,matched,website,DE,Welcome,");
        assertThat(both).contains(",enrolled,,").contains(",skipped,already_enrolled,");
    }

    @Test
    void the_report_is_a_mail_with_a_table() throws Exception {
        create("deals", Map.of("name", "Big", "stageName", "Proposal", "amount", 5));
        start();
        fireBoth("deals-report");

        assertPairOfMails()
                .first()
                .asString()
                .contains("Deals: 1", "office@example.com", "id,name,stageName,amount", "Big,Proposal,5");
    }

    @Test
    void an_invoice_that_is_overdue_is_told_once_for_its_due_date() throws Exception {
        String overdue = create("invoices", Map.of("number", "A-1", "status", "sent", "dueDate", "2020-01-01"));
        create("invoices", Map.of("number", "A-2", "status", "paid", "dueDate", "2020-01-01"));
        create("invoices", Map.of("number", "A-3", "status", "sent", "dueDate", "2999-01-01"));
        start();
        fireBoth("invoices-overdue");
        fireBoth("invoices-overdue");

        assertPairOfMails()
                .first()
                .asString()
                .contains("Invoices overdue: 1", "A-1")
                .doesNotContain("A-2", "A-3");
        sandbox.mailbox().clear();
        change("invoices", overdue, Map.of("dueDate", "2020-02-01"));
        fireBoth("invoices-overdue");
        assertPairOfMails().first().asString().contains("2020-02-01");
    }

    @Test
    void the_weekly_export_is_a_file_for_each_feed() throws Exception {
        List<String> feeds = List.of("contacts", "companies", "deals", "invoices", "projects");
        feeds.forEach(feed -> create(feed, Map.of("name", "of " + feed)));
        start();
        fireBoth("weekly-export");

        for (String feed : feeds) {
            assertThat(file("in-java/weekly", feed))
                    .isEqualTo(file("weekly", feed))
                    .contains("of " + feed)
                    .hasLineCount(1);
        }
    }

    private void awaitPolled(String feed) {
        await().until(() -> bridge.store().sources().feeds().stream()
                .anyMatch(it -> it.name().equals(feed) && it.freshAt().isPresent()));
    }

    private void awaitWaiting(String route, long changes) {
        for (String id : List.of(route, route + "-in-java")) {
            await().untilAsserted(() -> assertThat(bridge.route(id).waiting()).isEqualTo(changes));
        }
    }

    @Test
    void a_reply_goes_to_a_webhook_and_into_the_digest_and_who_says_stop_is_taken_off() throws Exception {
        String jane = create("contacts", Map.of("firstName", "Jane", "lastName", "Roe", "email", "jane@example.com"));
        String sequence = sandbox.workspace().createSequence(Map.of("name", "Welcome"));
        sandbox.workspace().enroll(sequence, jane);
        start();
        awaitPolled("replies/" + sequence);
        sandbox.workspace().reply(jane, "Re: Hi", "Stop\n\n> Hello", null);
        bridge.poll("replies/" + sequence);
        awaitWaiting("replies-digest", 1);
        schedules.fire();

        await().until(() -> mails().size() == 2 && calls("replies").size() == 2);
        assertPairOfCalls("replies").first().asString().contains("\"stop\":true");
        assertPairOfMails().first().asString().contains("Replies: 1", "jane@example.com", "Welcome", "Stop");
        await().untilAsserted(() -> assertThat(sandbox.workspace()
                        .requests("DELETE", "/api/agent/sequences/" + sequence + "/contacts/" + jane))
                .isEqualTo(2));
        await().untilAsserted(() ->
                assertThat(sandbox.workspace().enrollments(sequence)).isEmpty());
    }

    @Test
    void whom_a_sequence_cannot_mail_is_told_and_who_books_is_enrolled() throws Exception {
        String jane = create("contacts", Map.of("firstName", "Jane", "lastName", "Roe"));
        Map<String, Object> step = Map.of("subject", "Hi", "body", "Hello", "delayDays", 0);
        String welcome = sandbox.workspace().createSequence(Map.of("name", "Welcome", "steps", List.of(step)));
        String bookings = sandbox.workspace().createSequence(Map.of("name", "Bookings"));
        start();
        awaitPolled("enrollments/" + welcome);
        sandbox.workspace().enroll(welcome, jane);
        sandbox.workspace().sendDue();
        bridge.poll("enrollments/" + welcome);
        awaitWaiting("enrollments-failing-mail", 1);
        schedules.fire();

        await().until(() -> mails().size() == 2);
        assertPairOfMails().first().asString().contains("cannot mail: 1", "Jane Roe", "no e-mail address");
        sandbox.workspace().book(Map.of("title", "Demo", "contactId", jane));
        bridge.poll("bookings");
        awaitBoth("booking-to-sequence", 1);
        assertThat(sandbox.workspace().enrollments(bookings)).hasSize(1);
        assertThat(sandbox.workspace().requests("POST", "/api/agent/sequences/" + bookings))
                .isEqualTo(1);
    }

    @Test
    void what_is_not_well_is_told_by_mail() throws Exception {
        start();
        sandbox.receiver().answer(call -> Reply.of(call.path().equals("/companies") ? 401 : 200));
        create("companies", Map.of("name", "Acme"));
        bridge.poll("companies");
        bridge.awaitState("companies-to-webhook", "ALARM");
        bridge.awaitState("companies-to-webhook-in-java", "ALARM");
        bridge.look();
        awaitBoth("alerts", 2);

        List<String> yaml = about("companies-to-webhook");
        assertPair(yaml).first().asString().contains("office@example.com", "route-paused", "401");
        assertPair(about("companies-to-webhook-in-java")).isNotEqualTo(yaml);
        assertThat(mails()).hasSize(4);
    }

    private List<String> about(String route) {
        return mails().stream()
                .filter(mail -> mail.lines().findFirst().orElseThrow().endsWith(" " + route))
                .toList();
    }
}
