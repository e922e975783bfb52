package io.crmbridge.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crmbridge.component.hook.HookSettings;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.QuotaLimits;
import io.crmbridge.state.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bundle is refused for, and what it is told. */
@Timeout(60)
class BundleReaderTest {
    private static final String CONNECTION = """
            bridge.connection.default.type=impactiveai
            bridge.connection.default.api-key=icrm_00000000000000000000000000000000
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void begin() throws IOException {
        write("application.properties", CONNECTION + "bridge.hook.erp.url=https://example.com/hook\n");
        write("mappings/deal-to-erp.jslt", "{\"id\": .id}");
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private BundleReader.Reading read() {
        return BundleReader.read(Bundle.at(folder, Map.of()), Map.of());
    }

    @Test
    void a_connection_has_the_quota_that_it_is_given_and_intellivizz_has_one_unless_it_is_told_none()
            throws IOException {
        assertThat(read().config().crm().quota("default")).isEmpty();
        write("application.properties", CONNECTION + "bridge.connection.default.quota=10/1s,50/1h\n");
        assertThat(read().config().crm().quota("default")).contains(QuotaLimits.parse("10/1s,50/1h"));
        write("application.properties", CONNECTION + "bridge.connection.agency.type=intellivizz\n");
        assertThat(read().config().crm().quota("agency")).contains(QuotaLimits.parse("30/10s,100/1m,100000/1d"));
        write(
                "application.properties",
                CONNECTION + "bridge.connection.agency.type=intellivizz\nbridge.connection.agency.quota=none\n");
        assertThat(read().config().crm().quota("agency")).isEmpty();
    }

    @Test
    void a_quota_that_cannot_be_read_is_told_with_its_key() throws IOException {
        write("application.properties", CONNECTION + "bridge.connection.default.quota=30 per 10s\n");

        assertThatThrownBy(() -> read().config().crm().connections())
                .isInstanceOfSatisfying(
                        BundleException.class,
                        e -> assertThat(e.findings())
                                .extracting(Finding::toString)
                                .singleElement()
                                .asString()
                                .contains(
                                        "bridge.connection.default.quota: \"30 per 10s\" is no number of calls within a time: write for"
                                                + " example 30/10s,100/1m,100000/1d, or none"));
    }

    private List<String> findings() {
        try {
            return read().findings().stream().map(Finding::toString).toList();
        } catch (BundleException e) {
            return e.findings().stream().map(Finding::toString).toList();
        }
    }

    /** A route on deals; the options begin on line 6, the steps on line 8. */
    private static String route(String options, String... steps) {
        StringBuilder text = new StringBuilder("""
                - route:
                    id: deals
                    from:
                      uri: impactiveai:deals
                      parameters:
                        %s
                      steps:
                """.formatted(options.isEmpty() ? "delay: 5m" : options));
        for (String step : steps) {
            text.append(step.indent(8));
        }
        return text.toString();
    }

    private static String to(String uri) {
        return "- to:\n    uri: \"" + uri + "\"";
    }

    private static String quartz(String options) {
        return route(options, to("hook:erp")).replace("impactiveai:deals", "quartz:nightly");
    }

    private static String snapshot(String option) {
        return "- to:\n    uri: impactiveai:deals\n    parameters:\n      operation: snapshot\n      " + option;
    }

    private static Arguments refusal(String what, String yaml, String place, String... hints) {
        return Arguments.of(what, yaml, place, List.of(hints));
    }

    static Stream<Arguments> refusals() {
        String hook = to("hook:erp");
        return Stream.of(
                refusal(
                        "unknown option",
                        route("dealy: 5m", hook),
                        ":6",
                        "no option \"dealy\": did you mean \"delay\"?"),
                refusal(
                        "unknown option of a target",
                        route("", "- to:\n    uri: export:x.csv\n    parameters:\n      colums: a"),
                        ":11",
                        "no option \"colums\": did you mean \"columns\"?"),
                refusal(
                        "unknown resource",
                        route("", hook).replace("impactiveai:deals", "impactiveai:dealz"),
                        ":4",
                        "did you mean \"deals\"?"),
                refusal(
                        "unknown operation",
                        route("", to("impactiveai:deals?operation=lists")),
                        ":9",
                        "did you mean \"list\"?"),
                refusal(
                        "where that is no simple expression",
                        route("", snapshot("where: \"${body[status]} == 'paid\"")),
                        ":12:23",
                        "impactiveai:deals: where: expected symbol singleQuote"),
                refusal(
                        "where of an unknown function",
                        route("", snapshot("where: \"${bodi[status]} == 'paid'\"")),
                        ":12:23",
                        "where: Unknown function: bodi[status]"),
                refusal(
                        "where that looks at no field",
                        route("", snapshot("where: \"status != 'paid'\"")),
                        ":12:23",
                        "looks at no field: write for example ${body[status]} != 'paid'"),
                refusal(
                        "where that is cut in two",
                        route("", snapshot("where: \"${body[a]} == 1 && ${body[b]} < 2\"")),
                        ":9:18",
                        "cut in two at its &: write the value as RAW(value)"),
                refusal(
                        "updatedWithin that is no duration",
                        route("", snapshot("updatedWithin: yesterday")),
                        ":12:30",
                        "updatedWithin=yesterday is no duration"),
                refusal(
                        "once without a field",
                        route("", snapshot("once: \"id,,dueDate\"")),
                        ":12:22",
                        "once=id,,dueDate names no field"),
                refusal(
                        "a snapshot with since",
                        route("", snapshot("since: 2026-05-01")),
                        ":12:22",
                        "since is an option of operation=list: use updatedWithin"),
                refusal(
                        "a snapshot of all connections",
                        route("", snapshot("connection: \"*\"")),
                        ":12:28",
                        "connection=* is for a source"),
                refusal(
                        "unknown option of a snapshot",
                        route("", snapshot("updatedWithn: 24h")),
                        ":12",
                        "no option \"updatedWithn\": did you mean \"updatedWithin\"?"),
                refusal(
                        "an option of snapshots alone",
                        route("", to("impactiveai:deals?operation=list&once=id")),
                        ":9:57",
                        "once is an option of operation=snapshot alone"),
                refusal(
                        "requireComplete of no snapshot",
                        route("", to("impactiveai:deals?requireComplete=true")),
                        ":9:53",
                        "requireComplete is an option of operation=snapshot alone"),
                refusal(
                        "snapshot misspelt",
                        route("", to("impactiveai:deals?operation=snapshoot")),
                        ":9",
                        "did you mean \"snapshot\"?"),
                refusal(
                        "snapshot of what is no feed",
                        route("", to("impactiveai:auth?operation=snapshot")),
                        ":9:46",
                        "impactiveai:auth: operation \"snapshot\" does not exist; there are test"),
                refusal(
                        "snapshot as a source",
                        route("operation: snapshot", hook),
                        ":6",
                        "an operation is for a target: use impactiveai:deals in a to: step"),
                refusal(
                        "two steps that answer once, without ids",
                        route("", snapshot("once: id"), snapshot("once: id,stageName")),
                        ":13",
                        "two steps with once= on impactiveai:deals without an id"),
                refusal(
                        "once in a route without an id",
                        route("", snapshot("once: id"))
                                .replace("    id: deals\n", "")
                                .replace("impactiveai:deals\n      p", "direct:a\n      p")
                                .replace("      parameters:\n        delay: 5m\n", ""),
                        ":5",
                        "a route with once= on impactiveai:deals needs an id"),
                refusal(
                        "wrong enum",
                        route("startFrom: miror", hook),
                        ":6",
                        "startFrom=miror",
                        "did you mean \"mirror\"?"),
                refusal("wrong duration", route("delay: soon", hook), ":", "delay=soon is no duration"),
                refusal("too fast", route("delay: 1s", hook), ":", "bridge.allow-fast-poll=true"),
                refusal("wrong integer", route("parallel: many", hook), ":6", "parallel=many is no whole number"),
                refusal("integer out of bounds", route("parallel: 0", hook), ":", "parallel=0 is not within 1 to 256"),
                refusal(
                        "wrong boolean",
                        route("durable: maybe", hook),
                        ":6",
                        "durable=maybe is neither true nor false"),
                refusal("wrong retry option", route("retry.atempts: 3", hook), ":", "retry.atempts", "retry.attempts"),
                refusal("wrong cron", route("cron: \"every day\"", hook), ":", "is no Quartz expression"),
                refusal(
                        "a feed's schedule that never fires",
                        route("cron: \"0 0 0 30 2 ?\"", hook),
                        ":",
                        "cron=0 0 0 30 2 ? never fires"),
                refusal(
                        "a feed's time zone that does not exist",
                        route("cron: \"0 0 6 * * ?\"\n        timeZone: Europe/Berlni", hook),
                        ":",
                        "did you mean \"Europe/Berlin\"?"),
                refusal(
                        "a time zone of no schedule",
                        route("timeZone: UTC", hook),
                        ":",
                        "timeZone is an option of cron"),
                refusal(
                        "two writes without ids",
                        route("", to("impactiveai:contacts?operation=create"), to("impactiveai:contacts")),
                        ":10",
                        "two steps to impactiveai:contacts that create without an id"),
                refusal(
                        "tags that cannot be checked",
                        route("", to("impactiveai:enrollments?operation=enroll&sequence=x&tagIds=t")),
                        ":",
                        "set allowUnchecked=true"),
                refusal(
                        "an operation without its sequence",
                        route("", to("impactiveai:enrollments?operation=enroll&tagIds=t&allowUnchecked=true")),
                        ":",
                        "needs sequence=: an id or a name"),
                refusal(
                        "nobody says into which sequence",
                        route("", to("impactiveai:enrollments?operation=enroll")),
                        ":9",
                        "enrolls into no sequence: set sequence=, or put a lead: step before it"),
                refusal(
                        "an operation that a resource does not have",
                        route("", to("impactiveai:invoices?operation=create")),
                        ":",
                        "\"create\" does not exist"),
                refusal(
                        "an option of another operation",
                        route("", to("impactiveai:enrollments?operation=unenroll&sequence=x&all=true")),
                        ":",
                        "all is an option of operation=pause"),
                refusal(
                        "an operation that the other API has alone",
                        route("", to("impactiveai:contacts?operation=update&api=zapier")),
                        ":",
                        "update of contacts is not done by api=zapier"),
                refusal(
                        "two steps with one id",
                        route("", "- log:\n    id: same\n    message: a", "- log:\n    id: same\n    message: b"),
                        ":12:17",
                        "two steps with the id same"),
                refusal(
                        "two mails without ids",
                        route(
                                "",
                                to("smtp:office?from=x@example.com&to=a@example.com"),
                                to("smtp:office?from=x@example.com&to=b@example.com")),
                        ":10",
                        "two steps to smtp:office without an id"),
                refusal(
                        "a schedule that is none",
                        quartz("cron: \"every day\""),
                        ":6",
                        "is no Quartz expression",
                        "write for example"),
                refusal("a schedule that never fires", quartz("cron: \"0 0 0 30 2 ?\""), ":6", "never fires"),
                refusal(
                        "a time zone that does not exist",
                        quartz("cron: \"0 0 6 * * ?\"\n        trigger.timeZone: Europe/Berlni"),
                        ":7:27",
                        "did you mean \"Europe/Berlin\"?"),
                refusal(
                        "missing mapping",
                        route("", to("map:deal-to-epr")),
                        ":9:19",
                        "no mapping \"deal-to-epr\"",
                        "did you mean \"deal-to-erp\"?"),
                refusal(
                        "unknown option of a hook",
                        route("", "- to:\n    uri: hook:erp\n    parameters:\n      lazyStartProduccer: true"),
                        ":11",
                        "hook: has no option \"lazyStartProduccer\": did you mean \"lazyStartProducer\"?"),
                refusal(
                        "an option behind a hook's name",
                        route("", to("hook:erp?tokn=x")),
                        ":9",
                        "hook: has no option \"tokn\""),
                refusal(
                        "a hook's URL that is none",
                        route("", to("hook:https://example.com/a b?token=s3cret")),
                        ":9:19",
                        "hook:https://example.com/a b: ",
                        "is no URL"),
                refusal("a hook without a name", route("", to("hook")), ":", "hook"),
                refusal("a hook's URL without a host", route("", to("hook:https:///x")), ":9:19", "is no URL"),
                refusal(
                        "unknown component",
                        route("", to("hok:erp")),
                        ":9:19",
                        "no component \"hok\": did you mean \"hook\"?"),
                refusal("no id", route("", hook).replace("    id: deals\n", ""), ":", "needs an id"),
                refusal("aggregate", route("", """
                                - aggregate:
                                    correlationExpression:
                                      constant:
                                        expression: "true"
                                    completionSize: 5
                                    steps:
                                      - to:
                                          uri: hook:erp"""), ":8", "aggregate ends the exchange before the work is done"),
                refusal("wireTap", route("", "- wireTap:\n    uri: hook:erp"), ":8", "wireTap ends"),
                refusal("resequence", route("", """
                                - resequence:
                                    expression:
                                      simple:
                                        expression: "${body[id]}"
                                    steps:
                                      - to:
                                          uri: hook:erp"""), ":8", "resequence ends"),
                refusal("sample", route("", "- sample:\n    samplePeriod: \"1000\"", hook), ":8", "sample ends"),
                refusal("rejecting throttle", route("", """
                                - throttle:
                                    expression:
                                      constant:
                                        expression: "1"
                                    rejectExecution: "true\"""", hook), ":8", "throttle ends"),
                refusal("seda that does not wait", route("", to("seda:later")), ":8", "to ends the exchange"),
                refusal(
                        "seda that does not wait, by toD",
                        route("", "- toD:\n    uri: \"seda:later\""),
                        ":8",
                        "toD ends"),
                refusal("an early end inside of a choice", route("", """
                                - choice:
                                    when:
                                      - expression:
                                          simple:
                                            expression: "${body[id]} == 1"
                                        steps:
                                          - log:
                                              message: one
                                    otherwise:
                                      steps:
                                        - wireTap:
                                            uri: hook:erp"""), ":18", "wireTap ends"),
                refusal("an early end in a catch clause", route("", """
                                - doTry:
                                    steps:
                                      - to:
                                          uri: hook:erp
                                    doCatch:
                                      - exception:
                                          - java.lang.Exception
                                        steps:
                                          - wireTap:
                                              uri: hook:erp"""), ":16", "wireTap ends"),
                refusal("malformed YAML", "- route:\n    id: x\n   from: [\n", ":3", "expected"),
                refusal("unknown step", route("", "- tooo:\n    uri: hook:erp"), ":", "tooo"),
                refusal("unresolved placeholder", route("delay: \"{{pol.delay}}\"", hook), ":6:17", "pol.delay"),
                refusal(
                        "source and target",
                        route("", to("impactiveai:auth?operation=tst")),
                        ":9",
                        "did you mean \"test\"?"),
                refusal(
                        "auth as a source",
                        route("", hook).replace("impactiveai:deals", "impactiveai:auth"),
                        ":4",
                        "impactiveai:auth is a target only"),
                refusal(
                        "steps as a source",
                        route("sequence: Welcome", hook).replace("impactiveai:deals", "impactiveai:steps"),
                        ":4",
                        "impactiveai:steps is a target only"),
                refusal(
                        "replies without a sequence",
                        route("", hook).replace("impactiveai:deals", "impactiveai:replies"),
                        ":4",
                        "impactiveai:replies as a source needs sequence=: an id, a name, or * for all"),
                refusal(
                        "deals of a sequence",
                        route("sequence: Welcome", hook),
                        ":6:19",
                        "sequence is an option of sequences, steps, enrollments, sends, replies, contact-replies, and means"
                                + " nothing for deals"),
                refusal(
                        "replies of contacts without one",
                        route("", hook).replace("impactiveai:deals", "impactiveai:contact-replies"),
                        ":4",
                        "impactiveai:contact-replies as a source needs contact=: an id, or sequence="),
                refusal(
                        "a sweep for no time",
                        route("{ sequence: Welcome, sweepFor: soon }", hook)
                                .replace("impactiveai:deals", "impactiveai:contact-replies"),
                        ":",
                        "sweepFor"),
                refusal(
                        "the feed of all sequences with a sequence",
                        route("sequence: Welcome", hook).replace("impactiveai:deals", "impactiveai:sequences"),
                        ":4",
                        "it is for enrollments, sends, replies"),
                refusal(
                        "a snapshot of all sequences' sends",
                        route("", to("impactiveai:sends?operation=snapshot&sequence=*")),
                        ":9",
                        "a snapshot of sends needs sequence=: the id or the name of one"),
                refusal(
                        "a resource that is misspelt",
                        route("sequence: Welcome", hook).replace("impactiveai:deals", "impactiveai:enrolments"),
                        ":4",
                        "did you mean \"enrollments\"?"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void what_is_wrong_is_told_with_its_file_its_line_and_the_right_word(
            String what, String yaml, String place, List<String> hints) throws IOException {
        write("routes/deals.yaml", yaml);

        List<String> findings = findings();

        assertThat(findings).hasSize(1);
        assertThat(findings.get(0))
                .startsWith("routes/deals.yaml" + place)
                .contains(hints)
                .doesNotContain("s3cret");
    }

    @Test
    void a_broken_mapping_is_told_with_its_own_place_and_refused_where_a_route_names_it() throws IOException {
        write("application.properties", CONNECTION);
        String told = "mappings/broken.jslt:1:7: this is no JSLT: Encountered";
        write("mappings/broken.jslt", "{\"id\": ");

        assertThat(findings()).isEmpty();
        assertThat(read().warnings()).singleElement().asString().startsWith(told);

        write("routes/deals.yaml", route("", to("map:broken")));

        assertThat(findings()).singleElement().asString().startsWith(told);
        assertThat(read().warnings()).isEmpty();
    }

    @Test
    void an_early_end_behind_direct_is_told_where_it_stands() throws IOException {
        write("routes/deals.yaml", route("", to("direct:tell")));
        write("routes/tell.yaml", """
                - route:
                    id: tell
                    from:
                      uri: direct:tell
                      steps:
                        - wireTap:
                            uri: hook:erp
                """);

        assertThat(findings())
                .singleElement()
                .satisfies(f -> assertThat(f).startsWith("routes/tell.yaml:6").contains("wireTap ends"));
    }

    @Test
    void an_early_end_behind_a_waiting_seda_is_told_too() throws IOException {
        write("routes/deals.yaml", route("", to("seda:tell?waitForTaskToComplete=Always")));
        write("routes/tell.yaml", """
                - route:
                    id: tell
                    from:
                      uri: seda:tell
                      steps:
                        - wireTap:
                            uri: hook:erp
                """);

        assertThat(findings()).singleElement().satisfies(f -> assertThat(f).startsWith("routes/tell.yaml:6"));
    }

    @Test
    void a_waiting_seda_is_no_early_end() throws IOException {
        write("routes/deals.yaml", route("", to("seda:tell?waitForTaskToComplete=Always")));

        assertThat(findings()).isEmpty();
    }

    @Test
    void early_ends_are_allowed_where_the_source_is_not_durable() throws IOException {
        write("routes/deals.yaml", route("durable: \"false\"", "- wireTap:\n    uri: hook:erp"));

        assertThat(findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hook:https://example.com/x?y=z&delai=5m",
                "hook:https://example.com/x?flag",
                "hook:http://example.com?a=%20b&a=c+d"
            })
    void what_stands_behind_a_hooks_url_is_the_targets_and_no_option(String uri) throws IOException {
        write("routes/deals.yaml", route("", to(uri)));

        assertThat(findings()).isEmpty();
        assertThat(read().off()).isEmpty();
    }

    @Test
    void a_hook_whose_name_begins_like_a_url_is_off_without_its_key() throws IOException {
        write("routes/deals.yaml", route("", to("hook:httpbin")));

        assertThat(read().off()).containsExactly(Map.entry("deals", "no target: set bridge.hook.httpbin.url"));
    }

    @Test
    void two_routes_with_one_id_are_refused() throws IOException {
        write("routes/a.yaml", route("", to("hook:erp")));
        write("routes/b.yaml", route("", to("hook:erp")));

        assertThat(findings())
                .singleElement()
                .satisfies(f -> assertThat(f).startsWith("routes/b.yaml:").contains("two routes with the id deals"));
    }

    @Test
    void everything_wrong_is_told_at_once() throws IOException {
        write("routes/a.yaml", route("dealy: 5m", to("map:nothing-like-it")));
        write("routes/b.yaml", route("", "- wireTap:\n    uri: hook:erp").replace("id: deals", "id: other"));

        assertThat(findings()).hasSize(3);
    }

    @Test
    void an_unknown_key_is_refused_with_the_nearest() throws IOException {
        write(
                "application.properties",
                CONNECTION + "bridge.conection.default.api-key=x\nbridge.log.kep=3d\n" + "bridge.hook.erp.secrets=x\n");

        assertThat(findings())
                .anySatisfy(f -> assertThat(f)
                        .contains("no key bridge.conection.default.api-key")
                        .contains("did you mean \"bridge.connection.default.api-key\"?"))
                .anySatisfy(f -> assertThat(f).contains("did you mean \"bridge.log.keep\"?"))
                .anySatisfy(f -> assertThat(f).contains("did you mean \"bridge.hook.erp.secret\"?"))
                .hasSize(3);
    }

    @Test
    void an_unresolved_placeholder_of_the_properties_is_told_with_its_key() throws IOException {
        write("application.properties", CONNECTION + "bridge.hook.erp.url={{no.such.key}}\n");

        assertThat(findings())
                .singleElement()
                .satisfies(f -> assertThat(f)
                        .startsWith("application.properties")
                        .contains("bridge.hook.erp.url")
                        .contains("no.such.key"));
    }

    @Test
    void a_wrong_value_is_told_with_its_key_and_no_secret() throws IOException {
        write("application.properties", CONNECTION + "bridge.allow-fast-poll=yes\n");
        assertThat(findings())
                .singleElement()
                .satisfies(f -> assertThat(f).contains("bridge.allow-fast-poll=yes is neither true nor false"));
        write("application.properties", CONNECTION + "bridge.hook.erp.url=not a url\n");
        write("routes/deals.yaml", route("", to("hook:erp")));
        assertThat(findings()).singleElement().satisfies(f -> assertThat(f).contains("bridge.hook.erp.url is no URL"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com/in/", "https://example.com/in?next=/", "https://example.com/?a=%2F&b"})
    void a_hooks_url_is_kept_as_it_is_written(String url) throws IOException {
        write("application.properties", CONNECTION + "bridge.hook.erp.url=" + url + "\n");

        assertThat(read().config().hook("erp").orElseThrow().url()).hasToString(url);
    }

    @Test
    void a_folder_that_is_no_bundle_is_told() throws IOException {
        Files.delete(folder.resolve("application.properties"));

        assertThatThrownBy(this::read)
                .isInstanceOf(BundleException.class)
                .hasMessageContainingAll("is no bundle", "--bundle");
    }

    @Test
    void a_route_whose_hook_has_no_url_is_off_and_says_which_key_to_set() throws IOException {
        write("routes/deals.yaml", route("", to("hook:shop")));

        assertThat(read().findings()).isEmpty();
        assertThat(read().off()).containsExactly(Map.entry("deals", "no target: set bridge.hook.shop.url"));
    }

    @Test
    void a_hook_named_by_a_placeholder_or_a_parameter_of_a_template_is_looked_up_by_its_real_name() throws IOException {
        write("application.properties", CONNECTION + "where=shop\n");
        write("routes/deals.yaml", route("", to("hook:{{where}}")));
        assertThat(read().off()).containsExactly(Map.entry("deals", "no target: set bridge.hook.shop.url"));

        write("routes/deals.yaml", """
                - routeTemplate:
                    id: told
                    parameters:
                      - name: hook
                    from:
                      uri: impactiveai:deals
                      steps:
                        - to:
                            uri: "hook:{{hook}}"
                - templatedRoute:
                    routeTemplateRef: told
                    routeId: deals
                    parameters:
                      - name: hook
                        value: counter
                """);
        assertThat(findings()).isEmpty();
        assertThat(read().off()).containsExactly(Map.entry("deals", "no target: set bridge.hook.counter.url"));
    }

    @Test
    void a_route_that_needs_one_that_is_off_is_off_too() throws IOException {
        write("routes/deals.yaml", route("", to("direct:tell")));
        write("routes/tell.yaml", """
                - route:
                    id: tell
                    from:
                      uri: direct:tell
                      steps:
                        - to:
                            uri: hook:shop
                """);

        assertThat(read().off().keySet()).containsExactlyInAnyOrder("deals", "tell");
        assertThat(read().off().get("deals")).contains("bridge.hook.shop.url");

        write(
                "application.properties",
                CONNECTION + "bridge.hook.shop.url=https://example.com\n" + "bridge.route.tell.enabled=false\n");
        assertThat(read().off().keySet()).containsExactlyInAnyOrder("deals", "tell");
        assertThat(read().off().get("deals")).contains("tell").contains("off");
    }

    @Test
    void a_route_is_switched_off_by_its_id() throws IOException {
        write("routes/deals.yaml", route("", to("hook:erp")));
        write(
                "application.properties",
                CONNECTION + "bridge.hook.erp.url=https://example.com/\n" + "bridge.route.deals.enabled=false\n");

        assertThat(read().off()).containsEntry("deals", "switched off by bridge.route.deals.enabled=false");
    }

    @Test
    void a_key_for_a_route_that_is_not_there_draws_a_warning_with_the_nearest() throws IOException {
        write("routes/deals.yaml", route("", to("hook:erp")));
        write(
                "application.properties",
                CONNECTION + "bridge.hook.erp.url=https://example.com/\n" + "bridge.route.deal.enabled=false\n");

        assertThat(read().warnings())
                .singleElement()
                .satisfies(w -> assertThat(w.toString())
                        .contains("bridge.route.deal.enabled")
                        .contains("did you mean \"deals\"?"));
    }

    @Test
    void redeliveries_of_camels_own_in_a_feeds_route_draw_a_warning() throws IOException {
        List<String> ways = List.of("""
                - route:
                    id: deals
                    errorHandler:
                      defaultErrorHandler:
                        redeliveryPolicy:
                          maximumRedeliveries: 3
                    from:
                      uri: impactiveai:deals
                      steps:
                        - to:
                            uri: hook:erp
                """, route("", """
                - onException:
                    exception:
                      - java.io.IOException
                    redeliveryPolicy:
                      maximumRedeliveries: 3
                    steps:
                      - log:
                          message: failed""", to("hook:erp")));
        for (String yaml : ways) {
            write("routes/deals.yaml", yaml);
            assertThat(read().findings()).isEmpty();
            assertThat(read().warnings())
                    .singleElement()
                    .satisfies(w -> assertThat(w.toString())
                            .startsWith("routes/deals.yaml:")
                            .contains("maximumRedeliveries")
                            .contains("retry.attempts"));
        }
        write("routes/deals.yaml", ways.get(0).replace("maximumRedeliveries: 3", "maximumRedeliveries: 0"));
        assertThat(read().warnings()).isEmpty();
    }

    /** Written in Java, as a bundle's own class would be. */
    public static final class DealsInJava extends RouteBuilder {
        @Override
        public void configure() {
            from("impactiveai:deals").routeId("deals-in-java").to("hook:erp");
        }
    }

    @Test
    void routes_in_java_are_read_beside_the_others() throws IOException {
        write(
                "application.properties",
                CONNECTION + "bridge.hook.erp.url=https://example.com/\nbridge.routes.java="
                        + DealsInJava.class.getName() + "\n");
        write("routes/deals.yaml", route("", to("hook:erp")));

        assertThat(read().findings()).isEmpty();
        assertThat(read().routes()).containsExactly("deals", "deals-in-java");
    }

    @Test
    void a_class_that_is_not_there_or_builds_no_routes_is_told() throws IOException {
        write("application.properties", CONNECTION + "bridge.routes.java=com.example.Nothing, java.lang.String\n");

        assertThat(findings())
                .satisfiesExactly(
                        first -> assertThat(first).contains("no class com.example.Nothing", "lib/", "full name"),
                        second -> assertThat(second).contains("java.lang.String is no", "RouteBuilder"));
    }

    @Test
    void each_use_of_a_template_is_a_route() throws IOException {
        write("application.properties", CONNECTION + "bridge.hook.erp.url=https://example.com/\n");
        write("routes/deals.yaml", """
                - routeTemplate:
                    id: to-hook
                    parameters:
                      - name: feed
                      - name: hook
                    from:
                      uri: "impactiveai:{{feed}}"
                      steps:
                        - to:
                            uri: "hook:{{hook}}"
                - templatedRoute:
                    routeTemplateRef: to-hook
                    routeId: deals-to-erp
                    parameters:
                      - name: feed
                        value: deals
                      - name: hook
                        value: erp
                - templatedRoute:
                    routeTemplateRef: to-hook
                    routeId: contacts-to-crm
                    parameters:
                      - name: feed
                        value: contacts
                      - name: hook
                        value: other
                """);

        assertThat(read().findings()).isEmpty();
        assertThat(read().routes()).containsExactly("deals-to-erp", "contacts-to-crm");
        assertThat(read().off()).containsOnlyKeys("contacts-to-crm");
    }

    @Test
    void two_steps_to_one_target_need_ids() throws IOException {
        write("application.properties", CONNECTION + "bridge.hook.erp.url=https://example.com/\n");
        write("routes/deals.yaml", route("", to("hook:erp"), to("hook:erp")));
        assertThat(read().findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.toString())
                        .contains("two steps to hook:erp without an id", "give each an id:"));

        write("routes/deals.yaml", route("", to("hook:erp"), to("hook:erp").replace("- to:", "- to:\n    id: again")));
        assertThat(read().findings()).isEmpty();
    }

    private static String sql(String query, String... dataSource) {
        String text = "- to:\n    uri: sql\n    parameters:\n      query: \"" + query + "\"";
        return dataSource.length == 0 ? text : text + "\n      dataSource: \"" + dataSource[0] + "\"";
    }

    private void dataSources(String... lines) throws IOException {
        write("application.properties", CONNECTION + String.join("\n", lines) + "\n");
    }

    @Test
    void an_unknown_data_source_is_told_with_the_nearest() throws IOException {
        dataSources("bridge.datasource.warehouse.url=jdbc:sqlite:x.db", "bridge.datasource.other.url=jdbc:sqlite:y.db");
        write("routes/deals.yaml", route("", sql("DELETE FROM deals", "#warehuose")));
        assertThat(findings())
                .singleElement()
                .satisfies(f -> assertThat(f)
                        .startsWith("routes/deals.yaml:12:28: ")
                        .contains("no data source \"warehuose\": did you mean \"warehouse\"?"));

        write("routes/deals.yaml", route("", sql("DELETE FROM deals", "#elsewhere-entirely")));
        assertThat(findings())
                .singleElement()
                .satisfies(f -> assertThat(f).contains("set bridge.datasource.elsewhere-entirely.url"));
    }

    @Test
    void a_statement_that_names_no_data_source_needs_a_single_one() throws IOException {
        write("routes/deals.yaml", route("", sql("DELETE FROM deals")));
        assertThat(findings())
                .singleElement()
                .satisfies(f -> assertThat(f)
                        .startsWith("routes/deals.yaml:9:18: ")
                        .contains("sql: has no data source: set bridge.datasource.<name>.url"));

        dataSources("bridge.datasource.a.url=jdbc:sqlite:x.db");
        assertThat(findings()).isEmpty();
        assertThat(read().off()).isEmpty();

        dataSources("bridge.datasource.a.url=jdbc:sqlite:x.db", "bridge.datasource.b.url=");
        assertThat(findings())
                .singleElement()
                .satisfies(f -> assertThat(f).contains("none of the data sources a, b: add dataSource=#a"));
    }

    @Test
    void a_route_whose_data_source_has_no_url_is_off_and_says_which_key_to_set() throws IOException {
        dataSources("bridge.datasource.warehouse.url=");
        for (String steps : List.of(
                sql("DELETE FROM deals", "#warehouse"),
                sql("DELETE FROM deals"),
                to("sql:DELETE FROM deals?dataSource=#bean:warehouse"),
                "- toD:\n    uri: \"sql:DELETE FROM ${header.table}?dataSource=#warehouse\"")) {
            write("routes/deals.yaml", route("", steps));

            assertThat(findings()).isEmpty();
            assertThat(read().off())
                    .containsExactly(Map.entry("deals", "no target: set bridge.datasource.warehouse.url"));
        }
        write("routes/deals.yaml", """
                - route:
                    id: deals
                    from:
                      uri: sql:SELECT * FROM deals
                      steps:
                        - to:
                            uri: log:x
                """);
        assertThat(read().off()).containsOnlyKeys("deals");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t (id) VALUES (:#${body[id]})",
                "  insert  into t (id) select id from conflicts",
                "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x"
            })
    void a_plain_insert_draws_a_warning(String query) throws IOException {
        dataSources("bridge.datasource.a.url=jdbc:sqlite:x.db");
        write("routes/deals.yaml", route("", sql(query)));

        assertThat(findings()).isEmpty();
        assertThat(read().warnings())
                .singleElement()
                .satisfies(w -> assertThat(w.toString())
                        .startsWith("routes/deals.yaml:9:18: a plain INSERT")
                        .contains("come twice", "ON CONFLICT"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO NOTHING",
                "insert into t (id) values (1) on duplicate key update id = 1",
                "INSERT OR REPLACE INTO t (id) VALUES (1)",
                "MERGE INTO t USING (SELECT 1 AS id) s ON t.id = s.id WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)",
                "UPDATE t SET insert_into = 1",
                "SELECT * FROM t"
            })
    void an_upsert_draws_none(String query) throws IOException {
        dataSources("bridge.datasource.a.url=jdbc:sqlite:x.db");
        write("routes/deals.yaml", route("", sql(query)));

        assertThat(findings()).isEmpty();
        assertThat(read().warnings()).isEmpty();
    }

    @Test
    void a_data_source_with_a_wrong_value_is_told_with_its_key_and_no_secret() throws IOException {
        write("routes/deals.yaml", route("", sql("DELETE FROM deals")));
        dataSources("bridge.datasource.a.url=postgres://s3cret@host/db");
        assertThat(findings())
                .singleElement()
                .satisfies(f -> assertThat(f)
                        .contains("bridge.datasource.a.url is no JDBC URL")
                        .doesNotContain("s3cret"));

        dataSources("bridge.datasource.a.url=jdbc:sqlite:x.db", "bridge.datasource.a.max-connections=0");
        assertThat(findings())
                .singleElement()
                .satisfies(f -> assertThat(f).contains("bridge.datasource.a.max-connections=0"));
    }

    @Test
    void environment_names_are_relaxed_and_win() throws IOException {
        write("application.properties", CONNECTION + "bridge.hook.my-erp.url=https://example.com/old\n");
        Map<String, String> environment = Map.of(
                "BRIDGE_CONNECTION_DEFAULT_API_KEY", "icrm_11111111111111111111111111111111",
                "BRIDGE_CONNECTION_SECOND_TYPE", "impactiveai",
                "BRIDGE_CONNECTION_SECOND_API_KEY", "icrm_22222222222222222222222222222222",
                "BRIDGE_HOOK_MY_ERP_URL", "https://example.com/new",
                "BRIDGE_HOOK_MY_ERP_ALLOW_PRIVATE", "true",
                "BRIDGE_HOOK_MY_ERP_HEADER_X_TENANT", "acme",
                "BRIDGE_LOG_KEEP", "3d",
                "BRIDGE_SOMEONE_ELSES", "ignored");

        BridgeConfig config =
                BundleReader.read(Bundle.at(folder, Map.of()), environment).config();

        HookSettings hook = config.hook("my-erp").orElseThrow();
        assertThat(hook.url()).hasToString("https://example.com/new");
        assertThat(hook.allowPrivate()).isTrue();
        assertThat(hook.headers()).containsExactly(Map.entry("x-tenant", "acme"));
        assertThat(config.crm().connections())
                .extracting(
                        Connection::name, c -> c.credential().current().value().charAt(5))
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("default", '1'),
                        org.assertj.core.groups.Tuple.tuple("second", '2'));
        assertThat(config.logKeep()).isEqualTo(java.time.Duration.ofDays(3));
    }

    @Test
    void every_shipped_route_has_an_id_and_a_description_one_line_above_from() throws IOException {
        List<String> without = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                if (!text.matches("(?s)- route:\n    id: [a-z-]+\n    description: [^\n]+\n    from:.*")
                        && !text.contains("- routeTemplate:\n    id: ")) {
                    without.add(file.toString());
                }
            }
        }
        assertThat(without).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:mysql://db/crm, bridge.store.url is no PostgreSQL address",
        "db.example.com, bridge.store.url is no PostgreSQL address",
        "jdbc:postgresql://db/crm?password=s3cret, bridge.store.url holds a password",
        "jdbc:postgresql://db/crm?user=bridge&sslpassword=s3cret, bridge.store.url holds a password",
        "jdbc:postgresql://bridge:s3cret@db/crm, bridge.store.url holds a password"
    })
    void a_store_that_is_no_database_or_shows_its_password_is_refused(String url, String finding) throws IOException {
        write("application.properties", CONNECTION + "bridge.store.url=" + url + "\n");

        assertThatThrownBy(() -> read().config().store())
                .isInstanceOf(BundleException.class)
                .hasMessageContaining(finding)
                .message()
                .doesNotContain("s3cret");
    }

    @Test
    void where_the_store_is_may_come_from_the_environment_and_does_not_show_its_password() {
        StoreSettings store = BundleReader.read(
                        Bundle.at(folder, Map.of()),
                        Map.of(
                                "BRIDGE_STORE_URL", "jdbc:postgresql://db/crm?sslmode=verify-full",
                                "BRIDGE_STORE_USERNAME", "bridge",
                                "BRIDGE_STORE_PASSWORD", "s3cret",
                                "BRIDGE_STORE_TAKEOVER", "30s"))
                .config()
                .store();

        assertThat(store.url()).contains("jdbc:postgresql://db/crm?sslmode=verify-full");
        assertThat(store.username()).contains("bridge");
        assertThat(store.password()).contains("s3cret");
        assertThat(store.takeover()).isEqualTo(Duration.ofSeconds(30));
        assertThat(store.toString()).doesNotContain("s3cret");
        assertThat(read().config().store().url())
                .as("the file in the data folder")
                .isEmpty();
    }

    @Test
    void a_takeover_that_a_pause_of_the_network_would_cause_is_refused() throws IOException {
        write("application.properties", CONNECTION + "bridge.store.takeover=1s\n");

        assertThatThrownBy(() -> read().config().store()).hasMessageContaining("bridge.store.takeover=1s is shorter");
    }
}
