package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeysAndErrorsTest extends SandboxTest {
    private static final String OTHER_KEY = "icrm_11111111111111111111111111111111";

    @Test
    void the_auth_test_returns_the_id_and_name_of_the_workspace() throws IOException {
        var answer = crm.get("/api/zapier/auth/test");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Caller.json(answer))
                .isEqualTo(Caller.JSON.valueToTree(Map.of("id", workspace.id(), "name", workspace.name())));
    }

    @Test
    void a_missing_and_an_unknown_key_are_unauthorized() throws IOException {
        var missing = new Caller(sandbox.baseUrl(), null).get("/api/zapier/auth/test");
        assertThat(missing.statusCode()).isEqualTo(401);
        assertThat(Caller.error(missing)).isEqualTo("The x-api-key header is missing.");
        var unknown = new Caller(sandbox.baseUrl(), OTHER_KEY).get("/api/zapier/contacts");
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(Caller.error(unknown)).contains("not valid");
    }

    @Test
    void a_refused_key_creates_nothing() throws IOException {
        var answer = new Caller(sandbox.baseUrl(), OTHER_KEY).post("/api/zapier/companies", "{\"name\":\"x\"}");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(workspace.all("companies")).isEmpty();
    }

    @Test
    void a_revoked_key_is_refused_on_the_next_request_until_it_is_rotated() throws IOException {
        workspace.revokeKey();
        assertThat(list("contacts").statusCode()).isEqualTo(401);
        workspace.rotateKey(OTHER_KEY);
        assertThat(list("contacts").statusCode()).isEqualTo(401);
        assertThat(new Caller(sandbox.baseUrl(), OTHER_KEY)
                        .get("/api/zapier/contacts")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_key_sees_its_own_workspace_only() throws IOException {
        Workspace other = sandbox.addWorkspace("ws_other", "Other", OTHER_KEY);
        companies(1);
        String foreign = (String) workspace.all("companies").get(0).get("id");
        Caller stranger = new Caller(sandbox.baseUrl(), OTHER_KEY);
        assertThat(Caller.json(stranger.get("/api/zapier/companies"))).isEmpty();
        assertThat(Caller.json(stranger.get("/api/zapier/auth/test")).path("id").asText())
                .isEqualTo("ws_other");
        var refused = stranger.post("/api/zapier/deals", "{\"name\":\"D\",\"companyId\":\"" + foreign + "\"}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Caller.error(refused)).contains("companyId").contains("does not belong to this workspace");
        assertThat(other.all("deals")).isEmpty();
    }

    @Test
    void a_contact_of_another_workspace_is_not_found() throws IOException {
        sandbox.addWorkspace("ws_other", "Other", OTHER_KEY);
        String id = workspace.create("contacts", Map.of("firstName", "A", "lastName", "B"));
        Caller stranger = new Caller(sandbox.baseUrl(), OTHER_KEY);
        var answer = stranger.send("PATCH", "/api/agent/contacts/" + id, "{\"title\":\"x\"}");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(workspace.get("contacts", id)).containsEntry("title", null);
    }

    @Test
    void two_workspaces_cannot_share_an_id_or_a_key() {
        assertThatThrownBy(() -> sandbox.addWorkspace(workspace.id(), "x", OTHER_KEY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sandbox.addWorkspace("x", "x", workspace.apiKey()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_unknown_path_is_not_found_in_json() throws IOException {
        var answer = crm.get("/api/zapier/tickets");
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(Caller.error(answer)).contains("/api/zapier/tickets");
    }

    @Test
    void a_wrong_verb_is_refused_in_json() throws IOException {
        var post = crm.post("/api/zapier/invoices", "{}");
        assertThat(post.statusCode()).isEqualTo(405);
        assertThat(Caller.error(post)).contains("POST /api/zapier/invoices");
        assertThat(crm.send("DELETE", "/api/zapier/contacts", null).statusCode())
                .isEqualTo(405);
        assertThat(crm.send("HEAD", "/api/zapier/contacts", null).statusCode()).isEqualTo(405);
    }

    @Test
    void every_answer_is_dated_by_the_clock() throws IOException {
        clock.advance(Duration.ofDays(1));
        for (String path : new String[] {"/api/zapier/contacts", "/api/nothing", "/", "/control/received"}) {
            assertThat(crm.get(path).headers().firstValue("Date")).as(path).hasValue("Sat, 02 May 2026 12:00:00 GMT");
        }
        assertThat(new Caller(sandbox.baseUrl(), null)
                        .get("/api/zapier/contacts")
                        .headers()
                        .allValues("Date"))
                .containsExactly("Sat, 02 May 2026 12:00:00 GMT");
    }

    @Test
    void requests_are_counted_by_path_for_each_workspace() throws IOException {
        Workspace other = sandbox.addWorkspace("ws_other", "Other", OTHER_KEY);
        list("contacts");
        list("contacts");
        list("deals");
        crm.get("/api/agent/contacts");
        workspace.revokeKey();
        list("deals");
        assertThat(workspace.requests("/api/zapier/contacts")).isEqualTo(2);
        assertThat(workspace.requests("/api/zapier")).isEqualTo(4);
        assertThat(workspace.requests("/")).isEqualTo(5);
        assertThat(other.requests("/")).isZero();
    }

    @Test
    void an_unknown_resource_or_id_is_refused_in_java_too() {
        assertThatThrownBy(() -> workspace.all("tickets"))
                .hasMessageContaining("contacts, companies, deals, invoices, projects");
        assertThatThrownBy(() -> workspace.update("deals", "nope", Map.of())).hasMessageContaining("'nope'");
        assertThat(workspace.get("deals", "nope")).isNull();
    }

    @Test
    void a_taken_port_is_explained() {
        int taken = sandbox.baseUrl().getPort();
        assertThatThrownBy(() -> Sandbox.start(SandboxOptions.defaults().withPort(taken)))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("port " + taken)
                .hasMessageContaining("0 for any free one");
    }

    @Test
    void closing_twice_frees_the_port_once() {
        int port = sandbox.baseUrl().getPort();
        sandbox.close();
        sandbox.close();
        try (Sandbox next = Sandbox.start(SandboxOptions.defaults().withPort(port))) {
            assertThat(next.baseUrl().getPort()).isEqualTo(port);
        }
    }
}
