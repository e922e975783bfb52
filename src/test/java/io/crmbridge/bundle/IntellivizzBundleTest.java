package io.crmbridge.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.crmbridge.crm.Connection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a bundle with connections to Intellivizz is refused for, and what it is told. */
@Timeout(60)
class IntellivizzBundleTest {
    private static final String TYPE = "bridge.connection.default.type=intellivizz\n";
    private static final String KEY = "bridge.connection.default.api-key=pit-00000000\n";
    private static final String LOCATION = "bridge.connection.default.location-id=loc_1\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void begin() throws IOException {
        properties(TYPE + KEY + LOCATION);
    }

    private void properties(String text) throws IOException {
        write("bundle/application.properties", text);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void route(String source, String... targets) throws IOException {
        StringBuilder text = new StringBuilder("""
                - route:
                    id: route
                    from:
                      uri: "%s"
                      steps:
                """.formatted(source));
        for (String target : targets) {
            text.append("        - to: { uri: \"").append(target).append("\" }\n");
        }
        write("bundle/routes/r.yaml", text.toString());
    }

    private BundleReader.Reading read() {
        return BundleReader.read(Bundle.at(folder.resolve("bundle"), Map.of()), Map.of());
    }

    private List<String> findings() {
        try {
            BundleReader.Reading reading = read();
            List<String> findings =
                    reading.findings().stream().map(Finding::toString).toList();
            if (findings.isEmpty()) {
                reading.config().crm().connections();
            }
            return findings;
        } catch (BundleException e) {
            return e.findings().stream().map(Finding::toString).toList();
        }
    }

    @Test
    void a_connection_has_the_catalogues_address_and_belongs_to_its_location() throws IOException {
        properties(TYPE + KEY + LOCATION + "bridge.connection.all.type=intellivizz\n"
                + "bridge.connection.all.api-key=pit-1\nbridge.connection.all.agency-id=ag_1\n"
                + "bridge.connection.all.base-url=http://127.0.0.1:8080/\n");

        BridgeConfig config = read().config();

        assertThat(config.crm().connections())
                .extracting(Connection::name, connection -> connection.baseUrl().toString())
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("all", "http://127.0.0.1:8080"),
                        org.assertj.core.api.Assertions.tuple("default", "https://services.leadconnectorhq.com"));
        assertThat(config.crm().account("default").location()).contains("loc_1");
        assertThat(config.crm().account("default").isAgency()).isFalse();
        assertThat(config.crm().account("all").isAgency()).isTrue();
        assertThat(config.crm().account("all").agency()).contains("ag_1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", LOCATION + "bridge.connection.default.agency-id=ag_1\n"})
    void a_key_is_of_a_location_or_of_an_agency(String whose) throws IOException {
        properties(TYPE + KEY + whose);

        assertThat(findings())
                .singleElement()
                .asString()
                .contains("bridge.connection.default needs either .location-id")
                .contains(".agency-id");
    }

    @Test
    void a_key_that_is_missing_is_told_with_where_to_make_one() throws IOException {
        properties(TYPE + LOCATION);

        assertThat(findings())
                .singleElement()
                .asString()
                .contains("api-key is not set")
                .contains("API & Webhooks");
    }

    @ParameterizedTest
    @CsvSource({
        "http://crm.example.com, false",
        "http://127.0.0.1.example.com, false",
        "http://localhost:80, true",
        "http://127.0.0.1:80, true",
        "http://[::1]:80, true",
        "https://crm.example.com, true"
    })
    void records_go_over_the_network_encrypted_alone(String url, boolean allowed) throws IOException {
        properties(TYPE + KEY + LOCATION + "bridge.connection.default.base-url=" + url + "\n");

        if (allowed) {
            assertThat(findings()).isEmpty();
        } else {
            assertThat(findings()).singleElement().asString().contains(".base-url is not https");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside.yaml", "/etc/outside.yaml", "sub/../../outside.yaml"})
    void a_catalogue_lies_in_the_bundle(String file) throws IOException {
        write("outside.yaml", "resources: {}\n");
        properties(TYPE + KEY + LOCATION + "bridge.connection.default.catalogue=" + file + "\n");
        route("intellivizz:contacts", "log:x");

        assertThat(findings())
                .singleElement()
                .asString()
                .contains("bridge.connection.default.catalogue leads out of the bundle");
    }

    @Test
    void a_catalogue_that_is_not_there_is_told() throws IOException {
        properties(TYPE + KEY + LOCATION + "bridge.connection.default.catalogue=own.yaml\n");

        assertThat(findings()).singleElement().asString().contains("own.yaml").contains("cannot be read");
    }

    @Test
    void what_is_wrong_in_a_catalogue_is_told_with_its_file_and_its_line() throws IOException {
        properties(TYPE + KEY + LOCATION + "bridge.connection.default.catalogue=own.yaml\n");
        write("bundle/own.yaml", """
                resources:
                  contacts:
                    operations:
                      create:
                        cal: POST /people
                """);
        route("intellivizz:contacts", "log:x");

        assertThat(findings())
                .singleElement()
                .asString()
                .startsWith("own.yaml:5")
                .contains("no \"cal\"")
                .doesNotContain(folder.toString());
    }

    @Test
    void what_a_catalogue_leaves_unfitting_is_not_told_with_a_line_that_is_not_its_own() throws IOException {
        properties(TYPE + KEY + LOCATION + "bridge.connection.default.catalogue=own.yaml\n");
        write("bundle/own.yaml", """
                resources:
                  contacts:
                    operations:
                      list: { call: GET /people, body: null }
                """);
        route("intellivizz:contacts", "log:x");

        assertThat(findings())
                .hasSize(2)
                .allSatisfy(finding -> assertThat(finding).startsWith("own.yaml: what is assumed, line "));
    }

    @Test
    void resources_of_a_bundles_own_catalogue_are_known_to_its_routes() throws IOException {
        properties(TYPE + KEY + LOCATION + "bridge.connection.default.catalogue=own.yaml\n");
        write("bundle/own.yaml", """
                resources:
                  blogs:
                    operations:
                      list: { call: GET /blogs/, kind: read, rows: blogs }
                """);
        route("direct:in", "intellivizz:blogs");
        assertThat(findings()).isEmpty();

        route("direct:in", "intellivizz:blogs?operation=lists");
        assertThat(findings()).singleElement().asString().contains("r.yaml:6", "did you mean \"list\"?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"location-id", "agency-id", "catalogue"})
    void keys_of_intellivizz_are_refused_for_another_type(String key) throws IOException {
        properties("bridge.connection.default.type=impactiveai\n" + KEY + "bridge.connection.default." + key + "=x\n");

        assertThat(findings())
                .singleElement()
                .asString()
                .contains("bridge.connection.default." + key + " is for connections of type intellivizz");
    }

    @Test
    void a_type_that_is_none_is_told_with_the_nearest() throws IOException {
        properties("bridge.connection.default.type=intelliviz\n" + KEY + LOCATION);

        assertThat(findings()).singleElement().asString().contains("did you mean \"intellivizz\"?");
    }

    @Test
    void two_steps_that_create_need_ids_and_two_that_may_be_repeated_do_not() throws IOException {
        route("intellivizz:form-submissions", "intellivizz:contacts?operation=create", "intellivizz:contacts");
        assertThat(findings())
                .singleElement()
                .asString()
                .contains("r.yaml:7", "two steps to intellivizz:contacts that create without an id");

        route(
                "intellivizz:form-submissions",
                "intellivizz:contacts?operation=upsert",
                "intellivizz:contacts?operation=upsert");
        assertThat(findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "intellivizz:contacts | log:x | fine",
                "intellivizz:contacts?locations=* | log:x | intellivizz:contacts with locations= needs an agency's key",
                "intellivizz:locations | log:x | intellivizz:locations needs an agency's key",
                "direct:in | intellivizz:contacts?operation=snapshot&locations=a | needs an agency's key",
                "intellivizz:contacts?connection=all | log:x | set locations= to an id, a name, or * for all",
                "intellivizz:contacts?connection=all&locations=* | log:x | fine",
                "intellivizz:locations?connection=all | log:x | fine",
                "direct:in | intellivizz:contacts?operation=snapshot&connection=all | set locations=",
                "direct:in | intellivizz:contacts?operation=list&connection=all&location=a | fine",
                "direct:in | intellivizz:contacts?operation=create&connection=all | set location= to its id",
                "direct:in | intellivizz:contacts?operation=get&connection=all&id=a | fine",
                "direct:in | intellivizz:locations?operation=list | needs an agency's key"
            })
    void whose_records_a_feed_has_depends_on_whose_key_it_is(String source, String target, String told)
            throws IOException {
        properties(TYPE + KEY + LOCATION + "bridge.connection.all.type=intellivizz\n"
                + "bridge.connection.all.api-key=pit-1\nbridge.connection.all.agency-id=ag_1\n");
        assertTold(source, target, told);
    }

    private void assertTold(String source, String target, String told) throws IOException {
        route(source, target);

        if (told.equals("fine")) {
            assertThat(findings()).isEmpty();
        } else {
            assertThat(findings())
                    .singleElement()
                    .asString()
                    .contains("r.yaml:")
                    .contains(told);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "intellivizz:contacts | impactiveai:contacts?connection=mine | fine",
                "intellivizz:contacts?connection=* | log:x | fine",
                "intellivizz:contacts?connection=shop-loc_9 | log:x | fine",
                "intellivizz:contacts?connection=defalt | log:x | no connection \"defalt\": did you mean \"default\"?",
                "direct:in | intellivizz:contacts?connection=elsewhere | of type intellivizz there are default",
                "direct:in | impactiveai:contacts | connection default is of type intellivizz; of type impactiveai there are mine",
                "intellivizz:contacts?connection=mine | log:x | connection mine is of type impactiveai"
            })
    void a_route_names_a_connection_that_is_there_and_of_its_crm(String source, String target, String told)
            throws IOException {
        properties(TYPE + KEY + LOCATION + "bridge.connection.mine.type=impactiveai\nbridge.oauth.shop.client-id=x\n"
                + "bridge.connection.mine.api-key=icrm_1\nbridge.oauth.shop.client-secret=x\n");
        assertTold(source, target, told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "intellivizz:contactz | no | did you mean \"contacts\"?",
                "intellivizz:contacts?dealy=1h | no | no option \"dealy\": did you mean \"delay\"?",
                "intellivizz:contacts?form=x | no | form is an option of form-submissions and survey-submissions",
                "intellivizz:tags | no | intellivizz:tags is a target only",
                "intellivizz:locations?locations=* | no | locations means nothing for intellivizz:locations",
                "intellivizz:contacts?operation=list | no | an operation is for a target",
                "intelivizz:contacts | no | did you mean \"intellivizz\"?",
                "direct:in | intellivizz:contacts?operation=crate | did you mean \"create\"?",
                "direct:in | intellivizz:contacts?operation=list&limit=x | limit",
                "direct:in | intellivizz:contacts?operation=list&limit=0 | limit=0 is not within",
                "direct:in | intellivizz:contacts?operation=get&limit=5 | limit is an option of operations that list",
                "direct:in | intellivizz:form-submissions?operation=list&form=x | form is for a source",
                "direct:in | intellivizz:contacts?operation=list&locations=a | takes location=",
                "direct:in | intellivizz:contacts?operation=snapshot&locations=* | locations is for a source",
                "direct:in | intellivizz:contacts?operation=list&locaton=a | did you mean \"location\"?"
            })
    void a_wrong_word_of_a_route_is_told_with_the_right_one(String source, String target, String told)
            throws IOException {
        route(source, target.equals("no") ? "log:x" : target);

        assertThat(findings()).singleElement().asString().contains("r.yaml:").contains(told);
    }
}
