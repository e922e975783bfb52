package io.crmbridge.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmHttp;
import io.crmbridge.crm.Quota;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.intellivizz.Account;
import io.crmbridge.crm.intellivizz.Catalogue;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The connectors to CRMs, as the class path has them. */
final class Connectors {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path GENERATED = Path.of("target/classes/META-INF/io/crmbridge/component");
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.crmbridge.crm", "io.crmbridge.component");

    private Connectors() {}

    /**
     * A Camel component that is a source, with the CRM of the same name.
     *
     * @param schema as it is generated for Camel
     * @param stem of the names of its classes, for example Intellivizz
     */
    record Connector(String scheme, JsonNode schema, String stem) {
        JsonNode options() {
            return schema.get("properties");
        }

        Class<?> glue(String role) throws ClassNotFoundException {
            return Class.forName("io.crmbridge.component.%s.%s".formatted(scheme, role));
        }

        List<JavaClass> ofCrm(Class<?> kind) {
            return CLASSES.stream()
                    .filter(it -> it.getPackageName().equals("io.crmbridge.crm." + scheme))
                    .filter(it -> it.isAssignableTo(kind) && !it.isInterface())
                    .toList();
        }

        /** What its constructor asks for is found by its type. */
        Crm connect(String name, URI url) throws ReflectiveOperationException {
            Supplier<Account> account = () -> Account.ofLocation(AnyCrm.WORKSPACE);
            List<Object> known = List.of(
                    new Connection(name, scheme, url, new Secret("icrm_00000000000000000000000000000000")),
                    new CrmHttp.Limits(1 << 20, Duration.ofSeconds(5), Duration.ofMillis(300)),
                    Quota.NONE,
                    Clock.systemUTC(),
                    Catalogue.standard(),
                    account);
            Constructor<?> constructor = ofCrm(Crm.class).get(0).reflect().getConstructors()[0];
            return (Crm) constructor.newInstance(Arrays.stream(constructor.getParameters())
                    .map(parameter -> known.stream()
                            .filter(parameter.getType()::isInstance)
                            .findFirst()
                            .orElseThrow(() -> unknown(parameter)))
                    .toArray());
        }

        private AssertionError unknown(Parameter parameter) {
            return new AssertionError("%s takes a %s: tell Connectors which one".formatted(stem, parameter.getType()));
        }

        @Override
        public String toString() {
            return scheme;
        }
    }

    static List<Connector> all() throws IOException {
        try (Stream<Path> folders = Files.list(GENERATED)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .filter(scheme ->
                            CLASSES.stream().anyMatch(it -> it.getPackageName().equals("io.crmbridge.crm." + scheme)))
                    .map(Connectors::of)
                    .filter(Connectors::isSource)
                    .toList();
        }
    }

    private static Connector of(String scheme) {
        try {
            JsonNode schema =
                    JSON.readTree(Files.readString(GENERATED.resolve(scheme).resolve(scheme + ".json")));
            String name = schema.at("/component/javaType").asText();
            String simple = name.substring(name.lastIndexOf('.') + 1);
            return new Connector(scheme, schema, simple.replaceFirst("Component$", ""));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isSource(Connector connector) {
        return CLASSES.stream()
                .anyMatch(it -> it.getPackageName().equals("io.crmbridge.component." + connector.scheme())
                        && it.isAssignableTo(FeedSource.class));
    }

    /** Packages of the CRMs that there are, with or without a component. */
    static List<String> crms() {
        return CLASSES.stream()
                .filter(it -> it.isAssignableTo(Crm.class) && !it.isInterface())
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith("io.crmbridge.crm."))
                .map(name -> name.substring("io.crmbridge.crm.".length()))
                .sorted()
                .toList();
    }
}
