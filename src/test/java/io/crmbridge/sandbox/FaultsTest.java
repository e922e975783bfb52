package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FaultsTest extends SandboxTest {
    private static final String COMPANY = "{\"name\":\"Acme\"}";

    @Test
    void a_status_is_answered_so_many_times_and_nothing_is_created() throws IOException {
        Fault fault = sandbox.faults()
                .on("POST", "/api/zapier/companies")
                .times(2)
                .status(503)
                .header("Retry-After", "7")
                .arm();
        for (int i = 0; i < 2; i++) {
            var answer = crm.post("/api/zapier/companies", COMPANY);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("7");
            assertThat(Caller.error(answer)).contains("503");
        }
        assertThat(workspace.all("companies")).isEmpty();
        assertThat(crm.post("/api/zapier/companies", COMPANY).statusCode()).isEqualTo(201);
        assertThat(fault.hits()).isEqualTo(2);
    }

    @Test
    void an_answer_lost_after_the_commit_has_created_the_record() throws IOException {
        sandbox.faults().on("POST", "/api").status(504).afterCommit().arm();
        assertThat(crm.post("/api/zapier/companies", COMPANY).statusCode()).isEqualTo(504);
        assertThat(workspace.all("companies")).hasSize(1);
    }

    @Test
    void a_rule_applies_to_its_method_and_path_only() throws IOException {
        sandbox.faults().on("GET", "/api/zapier/deals").status(500).arm();
        assertThat(list("companies").statusCode()).isEqualTo(200);
        assertThat(crm.post("/api/zapier/deals", "{\"name\":\"D\"}").statusCode())
                .isEqualTo(201);
        assertThat(list("deals").statusCode()).isEqualTo(500);
    }

    @Test
    void rules_apply_in_the_order_of_arming_and_one_at_a_time() throws IOException {
        sandbox.faults().on("*", "/api").times(1).status(500).arm();
        sandbox.faults().on("*", "/api").times(1).status(502).arm();
        assertThat(list("deals").statusCode()).isEqualTo(500);
        assertThat(list("deals").statusCode()).isEqualTo(502);
        assertThat(list("deals").statusCode()).isEqualTo(200);
    }

    @Test
    void an_unarmed_rule_does_nothing_and_an_armed_one_cannot_change() throws IOException {
        Fault fault = sandbox.faults().on("*", "/api").status(500);
        assertThat(list("deals").statusCode()).isEqualTo(200);
        fault.arm();
        assertThatThrownBy(() -> fault.status(501)).isInstanceOf(IllegalStateException.class);
        assertThat(list("deals").statusCode()).isEqualTo(500);
    }

    @Test
    void cleared_rules_apply_no_more() throws IOException {
        sandbox.faults().on("*", "/api").status(500).arm();
        sandbox.faults().clear();
        assertThat(list("deals").statusCode()).isEqualTo(200);
    }

    @Test
    void a_body_replaces_the_answer() throws IOException {
        sandbox.faults().on("GET", "/api").body("not json {", "text/plain").arm();
        var answer = list("deals");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("not json {");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain");
    }

    @Test
    void an_html_page_comes_with_status_200() throws IOException {
        sandbox.faults().on("GET", "/api").html().arm();
        var answer = list("deals");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html;charset=utf-8");
        assertThat(answer.body()).startsWith("<!doctype html>");
    }

    @Test
    void a_reset_before_the_commit_creates_nothing() {
        sandbox.faults().on("POST", "/api").times(1).resetBeforeCommit().arm();
        assertThatThrownBy(() -> crm.post("/api/zapier/companies", COMPANY)).isInstanceOf(IOException.class);
        assertThat(workspace.all("companies")).isEmpty();
    }

    @Test
    void a_reset_after_the_commit_has_created_the_record() throws IOException {
        sandbox.faults().on("POST", "/api").times(1).resetAfterCommit().arm();
        assertThatThrownBy(() -> crm.post("/api/zapier/companies", COMPANY)).isInstanceOf(IOException.class);
        assertThat(workspace.all("companies")).hasSize(1);
        assertThat(list("companies").statusCode()).isEqualTo(200);
    }

    @Test
    void a_truncated_answer_breaks_off() throws IOException {
        companies(5);
        sandbox.faults().on("GET", "/api").times(1).truncate(20).arm();
        assertThatThrownBy(() -> list("companies"))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("fixed content-length");
        assertThat(Caller.json(list("companies"))).hasSize(5);
    }

    @Test
    void since_is_ignored_on_command() throws IOException {
        companies(3);
        sandbox.faults().on("GET", "/api").times(1).ignoreSince().arm();
        assertThat(Caller.json(crm.get("/api/zapier/companies?since=2027-01-01T00:00:00Z")))
                .hasSize(3);
        assertThat(Caller.json(crm.get("/api/zapier/companies?since=2027-01-01T00:00:00Z")))
                .isEmpty();
    }

    @Test
    void a_lower_cap_keeps_the_newest() throws IOException {
        companies(5);
        sandbox.faults().on("GET", "/api").cap(2).arm();
        assertThat(Caller.column(list("companies"), "name")).containsExactly("Company 5", "Company 4");
    }

    @Test
    void an_unsorted_page_holds_the_same_rows_in_reverse() throws IOException {
        companies(102);
        sandbox.faults().on("GET", "/api").unsorted().arm();
        assertThat(Caller.column(list("companies"), "name"))
                .hasSize(100)
                .startsWith("Company 3")
                .endsWith("Company 102");
    }

    @Test
    void a_list_is_wrapped_on_command() throws IOException {
        companies(1);
        sandbox.faults().on("GET", "/api").wrapped().arm();
        var answer = Caller.json(list("companies"));
        assertThat(answer).hasSize(1);
        assertThat(answer.path("data").path(0).path("name").asText()).isEqualTo("Company 1");
    }

    @Test
    void the_date_is_left_out_or_moved_on_command() throws IOException {
        sandbox.faults().on("GET", "/api/zapier/deals").noDate().arm();
        sandbox.faults()
                .on("GET", "/api/zapier/contacts")
                .dateSkew(Duration.ofMinutes(-3))
                .arm();
        assertThat(list("deals").headers().firstValue("Date")).isEmpty();
        assertThat(list("contacts").headers().allValues("Date")).containsExactly("Fri, 01 May 2026 11:57:00 GMT");
    }

    @Test
    void a_fault_strikes_before_the_key_is_looked_at() throws IOException {
        sandbox.faults().on("GET", "/api").status(429).arm();
        assertThat(new Caller(sandbox.baseUrl(), null).get("/api/zapier/deals").statusCode())
                .isEqualTo(429);
    }

    @Test
    @Timeout(20)
    void a_delayed_answer_comes_after_the_commit_and_ends_with_the_sandbox() {
        sandbox.faults().on("POST", "/api").delay(Duration.ofHours(1)).arm();
        var answer = CompletableFuture.supplyAsync(this::postOutcome);
        Awaitility.await().until(() -> workspace.all("companies").size() == 1);
        assertThat(answer).isNotDone();
        sandbox.close();
        assertThat(answer).succeedsWithin(5, TimeUnit.SECONDS);
    }

    @Test
    @Timeout(20)
    void a_delayed_commit_shows_nothing_until_then() {
        Fault fault = sandbox.faults()
                .on("POST", "/api")
                .delayBeforeCommit(Duration.ofMillis(300))
                .arm();
        var answer = CompletableFuture.supplyAsync(this::postOutcome);
        Awaitility.await().until(() -> fault.hits() == 1);
        assertThat(workspace.all("companies")).isEmpty();
        assertThat(answer).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo("201");
        assertThat(workspace.all("companies")).hasSize(1);
    }

    @Test
    @Timeout(20)
    void closing_takes_less_than_a_second_while_an_answer_is_delayed() {
        Fault fault =
                sandbox.faults().on("POST", "/api").delay(Duration.ofHours(1)).arm();
        CompletableFuture.supplyAsync(this::postOutcome);
        Awaitility.await().until(() -> fault.hits() == 1);
        long before = System.nanoTime();
        sandbox.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void impossible_options_are_refused() {
        Faults faults = sandbox.faults();
        assertThatThrownBy(() -> faults.on("GET", "/").times(0)).hasMessageContaining("times must be at least 1");
        assertThatThrownBy(() -> faults.on("GET", "/").status(99)).hasMessageContaining("status must be");
        assertThatThrownBy(() -> faults.on("GET", "/").truncate(-1)).hasMessageContaining("truncate must be");
    }

    private String postOutcome() {
        try {
            return String.valueOf(crm.post("/api/zapier/companies", COMPANY).statusCode());
        } catch (HttpTimeoutException e) {
            return "timeout";
        } catch (IOException e) {
            return "dropped";
        }
    }
}
