package io.crmbridge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PageTest extends SandboxTest {
    private static final Pattern NONCE = Pattern.compile("script-src 'nonce-([0-9a-f]{32})'");

    @Test
    void the_page_runs_only_its_own_script_under_its_policy() throws IOException {
        var answer = crm.get("/");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
        String policy = answer.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertThat(policy)
                .startsWith("default-src 'none'")
                .doesNotContain("unsafe")
                .doesNotContain("*");
        String nonce = nonce(policy);
        assertThat(answer.body())
                .contains("<script nonce=\"" + nonce + "\">", "<style nonce=\"" + nonce + "\">")
                .doesNotContain("{{nonce}}");
    }

    @Test
    void every_page_has_its_own_nonce() throws IOException {
        String first =
                crm.get("/").headers().firstValue("Content-Security-Policy").orElseThrow();
        String second =
                crm.get("/").headers().firstValue("Content-Security-Policy").orElseThrow();
        assertThat(nonce(first)).isNotEqualTo(nonce(second));
    }

    @Test
    void the_page_loads_nothing_from_elsewhere() throws IOException {
        assertThat(crm.get("/").body()).doesNotContain("http://", "https://", "src=");
    }

    @Test
    void the_page_never_makes_markup_of_a_value() throws IOException {
        workspace.create("companies", Map.of("name", "<script>alert(1)</script>"));
        String page = crm.get("/").body();
        assertThat(page)
                .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "alert(1)");
        var records = crm.get("/control/records/companies");
        assertThat(Caller.column(records, "name")).containsExactly("<script>alert(1)</script>");
        assertThat(records.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(records.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @Test
    void a_mail_is_shown_in_a_frame_that_runs_nothing() throws IOException {
        var answer = crm.get("/mail");
        String policy = answer.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertThat(policy)
                .startsWith("default-src 'none'")
                .contains("style-src-attr 'unsafe-inline'")
                .doesNotContain("unsafe-eval", "*");
        assertThat(policy.replace("style-src-attr 'unsafe-inline'", "")).doesNotContain("unsafe");
        assertThat(answer.body())
                .contains("<script nonce=\"" + nonce(policy) + "\">", "title=\"The mail as HTML\" sandbox></iframe>")
                .doesNotContain("http://", "https://", " src=", "allow-")
                .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    }

    private static String nonce(String policy) {
        Matcher matcher = NONCE.matcher(policy);
        assertThat(matcher.find()).as(policy).isTrue();
        return matcher.group(1);
    }
}
