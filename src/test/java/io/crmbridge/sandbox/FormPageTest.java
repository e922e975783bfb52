package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormPageTest extends SandboxTest {
    @Test
    void the_form_posts_to_the_inbox_of_a_bridge_on_this_machine_unless_told_otherwise() throws IOException {
        var answer = crm.get("/form");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("<form id=\"form\" action=\"http://127.0.0.1:8080/inbox/leads\" method=\"post\"")
                .doesNotContain("{{");
        assertThat(policy())
                .startsWith("default-src 'none'")
                .contains("connect-src http://127.0.0.1:8080;", "form-action http://127.0.0.1:8080;")
                .doesNotContain("unsafe", "*", "'self'");
    }

    @Test
    void another_inbox_is_escaped_and_ends_no_directive_of_the_policy() throws IOException {
        sandbox.formPostsTo(URI.create("https://bridge.example.com/inbox/a'b;default-src?x=1&y=2"));

        assertThat(crm.get("/form").body())
                .contains("action=\"https://bridge.example.com/inbox/a'b;default-src?x=1&amp;y=2\"");
        assertThat(policy()).contains("connect-src https://bridge.example.com;").doesNotContain("a'b");
    }

    @Test
    void the_form_loads_nothing_from_elsewhere_and_makes_no_markup_of_an_answer() throws IOException {
        assertThat(crm.get("/form").body().replace("http://127.0.0.1:8080/inbox/leads", ""))
                .doesNotContain("http://", "https://", "src=")
                .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }

    @Test
    void the_trap_for_machines_is_in_nobodys_way() throws IOException {
        assertThat(crm.get("/form").body())
                .contains("<div class=\"trap\" aria-hidden=\"true\">")
                .contains("<input id=\"website\" name=\"website\" tabindex=\"-1\" autocomplete=\"off\">");
    }

    @Test
    void the_front_page_links_to_the_form() throws IOException {
        assertThat(crm.get("/").body()).contains("<a href=\"/form\">");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "/inbox/leads",
                "ftp://example.com/x",
                "http://me:secret@example.com/",
                "http:///x"
            })
    void the_form_posts_to_nothing_but_a_web_address(String address) {
        assertThatThrownBy(() -> sandbox.formPostsTo(URI.create(address)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("http or https");
    }

    private String policy() throws IOException {
        return crm.get("/form").headers().firstValue("Content-Security-Policy").orElseThrow() + ";";
    }
}
