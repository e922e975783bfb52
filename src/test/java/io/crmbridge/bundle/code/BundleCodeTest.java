package io.crmbridge.bundle.code;

import static org.assertj.core.api.Assertions.assertThat;

import com.samskivert.mustache.Mustache;
import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bundle's sources and jars become, and what is told of those that become nothing. */
class BundleCodeTest {
    @TempDir
    private Path folder;

    private final List<Finding> findings = new ArrayList<>();

    @BeforeEach
    void begin() throws IOException {
        write("application.properties", """
                bridge.connection.default.type=impactiveai
                bridge.connection.default.api-key=icrm_00000000000000000000000000000000
                """);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void jar(String name, Map<String, String> content) throws IOException {
        JarOfSources.write(folder.resolve("lib").resolve(name), content);
    }

    private BundleCode code() {
        return BundleCode.of(Bundle.at(folder, Map.of()), findings::add);
    }

    private BundleReader.Reading read() {
        return BundleReader.read(Bundle.at(folder, Map.of()), Map.of());
    }

    private static String builder(String name, String... lines) {
        return """
                import org.apache.camel.builder.RouteBuilder;

                public class %s extends RouteBuilder {
                    @Override
                    public void configure() {
                        %s
                    }
                }
                """.formatted(name, String.join("\n        ", lines));
    }

    @Test
    void a_builder_with_its_helpers_is_a_route_wherever_in_routes_it_lies() throws IOException {
        write("routes/sales/Deals.java", """
                package sales;

                import org.apache.camel.builder.RouteBuilder;

                public class Deals extends RouteBuilder {
                    record Big(double amount) {}

                    @Override
                    public void configure() {
                        from("impactiveai:deals").routeId(Names.DEALS).process(e -> new Big(3)).to("log:deals");
                    }
                }
                """);
        write(
                "routes/sales/Names.java",
                "package sales;\n\nclass Names {\n    static final String DEALS = \"deals\";\n}\n");
        write("routes/Base.java", builder("Base").replace("public class", "public abstract class"));

        BundleReader.Reading reading = read();

        assertThat(reading.findings()).isEmpty();
        assertThat(reading.routes()).containsExactly("deals");
    }

    @Test
    void what_does_not_compile_is_told_with_its_place() throws IOException {
        write("routes/Deals.java", builder("Deals", "from(\"impactiveai:deals\").routeId(missing);", "int n = \"a\";"));
        write("routes/deals.yaml", """
                - route:
                    id: companies
                    from:
                      uri: impactiveai:companies
                      steps:
                        - to:
                            uri: log:companies
                """);

        BundleReader.Reading reading = read();

        assertThat(reading.findings())
                .extracting(Finding::toString)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .isEqualTo(
                                        "routes/Deals.java:6:43: cannot find symbol; symbol: variable missing; location: class Deals"),
                        second -> assertThat(second)
                                .startsWith("routes/Deals.java:7:17: incompatible types: java.lang.String")
                                .doesNotContain("\n"));
        assertThat(reading.routes()).containsExactly("companies");
    }

    @Test
    void a_library_that_is_missing_is_looked_for_in_lib() throws IOException {
        write("routes/Deals.java", "import com.nowhere.Prices;\n" + builder("Deals"));

        assertThat(read().findings())
                .extracting(Finding::toString)
                .containsExactly("routes/Deals.java:1:19: package com.nowhere does not exist: is its jar in lib/?");
    }

    @Test
    void a_jvm_without_a_compiler_is_told_to_be_one() throws IOException {
        write("routes/Deals.java", builder("Deals"));

        try (BundleCode code = BundleCode.of(Bundle.at(folder, Map.of()), findings::add, () -> null)) {
            assertThat(code.routes()).isEmpty();
        }
        assertThat(findings)
                .extracting(Finding::toString)
                .singleElement()
                .satisfies(text -> assertThat(text)
                        .startsWith(
                                "routes/Deals.java: needs a JDK: this is a JRE at " + System.getProperty("java.home")));
    }

    @Test
    void a_builder_that_throws_is_told_with_the_line_that_threw() throws IOException {
        write("routes/Deals.java", builder("Deals", "", "throw new IllegalStateException(\"no tariff\");"));
        write("routes/Static.java", builder("Static").replace("@Override", "static int none = 1 / 0;\n    @Override"));
        write("routes/Closed.java", builder("Closed").replace("@Override", "Closed(int n) {}\n    @Override"));
        write("routes/Hidden.java", builder("Hidden").replace("public class", "class"));

        assertThat(read().findings())
                .extracting(Finding::toString)
                .containsExactlyInAnyOrder(
                        "routes/Deals.java:7: the routes of Deals cannot be made: no tariff",
                        "routes/Static.java:4: the routes of Static cannot be made: / by zero",
                        "routes/Closed.java: Closed needs a public constructor without parameters",
                        "routes/Hidden.java: Hidden is not public, so its routes would not run: write public class Hidden, in a file of its own, or make it abstract where others extend it");
    }

    @Test
    void what_a_route_in_a_source_does_wrong_is_told_with_its_line() throws IOException {
        write(
                "routes/Deals.java",
                builder(
                        "Deals",
                        "from(\"impactiveai:deals?delai=5m\").routeId(\"deals\")",
                        "        .to(\"hook:nowhere?method=FETCH\");"));

        assertThat(read().findings())
                .extracting(Finding::toString)
                .anySatisfy(text ->
                        assertThat(text).startsWith("routes/Deals.java:6: ").contains("delai", "delay"))
                .anySatisfy(text ->
                        assertThat(text).startsWith("routes/Deals.java:7: ").contains("method"));
    }

    @Test
    void an_id_that_two_routes_have_is_told_with_the_line_of_the_second() throws IOException {
        write(
                "routes/Deals.java",
                builder(
                        "Deals",
                        "from(\"impactiveai:deals\").routeId(\"deals\").to(\"log:deals\");",
                        "",
                        "from(\"impactiveai:companies\").routeId(\"deals\").to(\"log:companies\");"));

        assertThat(read().findings())
                .extracting(Finding::toString)
                .containsExactly("routes/Deals.java:8: there are two routes with the id deals");
    }

    @Test
    void a_route_configuration_in_java_counts() throws IOException {
        write("routes/Errors.java", """
                import org.apache.camel.builder.RouteConfigurationBuilder;

                public class Errors extends RouteConfigurationBuilder {
                    @Override
                    public void configuration() {
                        routeConfiguration("errors").onException(Exception.class).to("log:errors");
                    }
                }
                """);
        write(
                "routes/Deals.java",
                builder(
                        "Deals",
                        "from(\"impactiveai:deals\").routeId(\"deals\").routeConfigurationId(\"errors\").to(\"log:deals\");"));

        assertThat(read().findings()).isEmpty();
        assertThat(read().routes()).containsExactly("deals");
    }

    @Test
    void a_class_of_a_jar_can_be_named_as_a_route() throws IOException {
        jar(
                "acme.jar",
                Map.of(
                        "com/acme/Deals.java",
                        "package com.acme;\n"
                                + builder(
                                        "Deals", "from(\"impactiveai:deals\").routeId(\"deals\").to(\"log:deals\");")));
        Files.writeString(
                folder.resolve("application.properties"),
                "\nbridge.routes.java=com.acme.Deals\n",
                StandardOpenOption.APPEND);

        assertThat(read().findings()).isEmpty();
        assertThat(read().routes()).containsExactly("deals");
    }

    @Test
    void a_bundle_keeps_its_own_versions_of_libraries_but_not_of_the_bridge_or_camel() throws Exception {
        Map<String, String> doubles = Map.of(
                "com/samskivert/mustache/Mustache.java",
                "package com.samskivert.mustache;\npublic class Mustache {}\n",
                "org/apache/camel/CamelContext.java",
                "package org.apache.camel;\npublic class CamelContext {}\n",
                "io/crmbridge/App.java",
                "package io.crmbridge;\npublic class App {}\n");
        jar("doubles.jar", doubles);
        try (BundleCode code = code()) {
            assertThat(code.loader().loadClass(Mustache.class.getName()).getClassLoader())
                    .isSameAs(code.loader());
            assertThat(code.loader().loadClass(CamelContext.class.getName())).isEqualTo(CamelContext.class);
            assertThat(code.loader().loadClass("io.crmbridge.App").getClassLoader())
                    .isSameAs(BundleCode.class.getClassLoader());
        }
    }

    @Test
    void jars_of_the_program_in_lib_are_not_loaded_twice() throws Exception {
        Path jar = Path.of(Mustache.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Files.createDirectories(folder.resolve("lib"));
        Files.copy(jar, folder.resolve("lib").resolve(jar.getFileName()));

        try (BundleCode code = code()) {
            assertThat(code.loader()).isSameAs(BundleCode.class.getClassLoader());
            assertThat(code.hash()).isEmpty();
        }
    }

    @Test
    void a_source_or_a_jar_that_changes_is_another_version_of_the_code() throws IOException {
        List<String> hashes = new ArrayList<>();
        write("routes/Deals.java", builder("Deals"));
        hashes.add(hash());
        write("routes/Deals.java", builder("Deals", "int n = 1;"));
        hashes.add(hash());
        jar("acme.jar", Map.of("A.java", "public class A {}"));
        hashes.add(hash());
        jar("acme.jar", Map.of("A.java", "public class A { int n; }"));
        hashes.add(hash());

        assertThat(hashes).doesNotHaveDuplicates().allMatch(it -> it.length() == 64);
        assertThat(hash()).isEqualTo(hashes.get(3));
    }

    private String hash() {
        try (BundleCode code = code()) {
            return code.hash();
        }
    }

    @Test
    void copies_of_jars_are_gone_when_it_is_closed() throws Exception {
        jar("acme.jar", Map.of("A.java", "public class A {}"));
        Path copy;
        try (BundleCode code = code()) {
            copy = Path.of(code.loader()
                    .loadClass("A")
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            assertThat(copy).exists();
            Files.write(folder.resolve("lib/acme.jar"), new byte[] {1});
        }
        assertThat(copy).doesNotExist();
        assertThat(copy.getParent()).doesNotExist();
    }

    @Test
    void a_source_is_compiled_in_less_than_one_and_a_half_seconds() throws IOException {
        write(
                "routes/Deals.java",
                builder("Deals", "from(\"impactiveai:deals\").routeId(\"deals\").to(\"log:deals\");"));
        code().close();
        long began = System.nanoTime();
        code().close();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(1500));
    }
}
