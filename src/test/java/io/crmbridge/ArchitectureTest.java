package io.crmbridge;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rooms and their arrows. Each rule was seen to fail once. */
class ArchitectureTest {
    static {
        // A class's package is all that the rules ask for, so the libraries need not be read.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    }

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPath("target/classes");
    private static final String APP = "io.crmbridge";
    private static final String CLI = "io.crmbridge.cli..";
    private static final String CONSOLE = "io.crmbridge.console..";
    private static final String BUNDLE = "io.crmbridge.bundle..";
    private static final String COMPONENT = "io.crmbridge.component..";
    private static final String LEAD = "io.crmbridge.lead..";
    private static final String FEED = "io.crmbridge.feed..";
    private static final String CRM = "io.crmbridge.crm..";
    private static final String WEB = "io.crmbridge.web..";
    private static final String STATE = "io.crmbridge.state..";
    private static final String SANDBOX = "io.crmbridge.sandbox..";

    @Test
    void every_class_lives_in_a_room() {
        classes()
                .should()
                .resideInAnyPackage(APP, CLI, CONSOLE, BUNDLE, COMPONENT, LEAD, FEED, CRM, WEB, STATE, SANDBOX)
                .because(
                        "a class outside the rooms is held by no arrow, and util, common, helper and model are no rooms")
                .check(MAIN);
    }

    @Test
    void app_only_wires() {
        noClasses()
                .that()
                .resideInAPackage(APP)
                .should()
                .dependOnClassesThat(resideInAPackage("io.crmbridge..").and(not(resideInAnyPackage(APP, CLI))))
                .because("App hands over to the commands and knows nothing else")
                .check(MAIN);
    }

    @Test
    void nothing_knows_cli() {
        noClasses()
                .that()
                .resideOutsideOfPackages(APP, CLI)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(APP, CLI)
                .because("arrows point down, and commands are the top")
                .check(MAIN);
    }

    @Test
    void console_looks_down() {
        noClasses()
                .that()
                .resideInAnyPackage(BUNDLE, COMPONENT, LEAD, FEED, CRM, WEB, STATE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CONSOLE)
                .because("arrows point down: what is shown does not know who shows it")
                .check(MAIN);
    }

    @Test
    void bundle_looks_down() {
        noClasses()
                .that()
                .resideInAnyPackage(COMPONENT, LEAD, FEED, CRM, WEB, STATE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(BUNDLE)
                .because("arrows point down: endpoints get their settings and do not read a bundle")
                .check(MAIN);
    }

    @Test
    void component_looks_down() {
        noClasses()
                .that()
                .resideInAnyPackage(LEAD, FEED, CRM, WEB, STATE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(COMPONENT)
                .because("component is Camel glue only: what it glues works without it")
                .check(MAIN);
    }

    @Test
    void lead_looks_down() {
        noClasses()
                .that()
                .resideInAnyPackage(FEED, CRM, WEB, STATE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(LEAD)
                .because("arrows point down: feeds and connections know no leads")
                .check(MAIN);
    }

    @Test
    void feed_looks_down() {
        noClasses()
                .that()
                .resideInAnyPackage(CRM, WEB, STATE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(FEED)
                .because("arrows point down: a connection does not know who polls it")
                .check(MAIN);
    }

    @Test
    void crm_looks_down() {
        noClasses()
                .that()
                .resideInAnyPackage(WEB, STATE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(CRM)
                .because("arrows point down: the store keeps changes of whatever CRM")
                .check(MAIN);
    }

    @Test
    void state_knows_no_other_room() {
        noClasses()
                .that()
                .resideInAPackage(STATE)
                .should()
                .dependOnClassesThat(resideInAPackage("io.crmbridge..").and(not(resideInAPackage(STATE))))
                .because("the store is the ground floor, and a second backend must be able to stand beside it")
                .check(MAIN);
    }

    @Test
    void sandbox_knows_no_other_room() {
        noClasses()
                .that()
                .resideInAPackage(SANDBOX)
                .should()
                .dependOnClassesThat(resideInAPackage("io.crmbridge..").and(not(resideInAPackage(SANDBOX))))
                .because("shared code would let one misreading of an API pass on both sides")
                .check(MAIN);
    }

    @Test
    void only_cli_starts_the_sandbox() {
        noClasses()
                .that()
                .resideOutsideOfPackages(CLI, SANDBOX)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(SANDBOX)
                .because("a bridge in production must not reach its stand-in")
                .check(MAIN);
    }

    @Test
    void only_state_speaks_sql() {
        noClasses()
                .that()
                .resideOutsideOfPackage(STATE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..",
                        "org.jdbi..",
                        "org.sqlite..",
                        "com.zaxxer..",
                        "org.flywaydb..",
                        "org.postgresql..")
                .because("only so is a second backend one room's work; bundle may see a javax.sql.DataSource")
                .check(MAIN);
    }

    @Test
    void only_bundle_and_state_see_data_sources() {
        noClasses()
                .that()
                .resideOutsideOfPackages(STATE, BUNDLE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("javax.sql..")
                .because("sql: needs a bundle's data source, and nothing else needs one")
                .check(MAIN);
    }

    @Test
    void only_crm_and_hook_call_out() {
        noClasses()
                .that()
                .resideOutsideOfPackages(CRM, "io.crmbridge.component.hook..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.hc..")
                .because("there is one set of TLS, proxy and pool settings for what goes out")
                .check(MAIN);
    }

    @Test
    void only_cli_and_sandbox_use_the_jdk_client() {
        noClasses()
                .that()
                .resideOutsideOfPackages(CLI, SANDBOX)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http..")
                .because("measured: 197 µs a call against 34 to 38 by HttpClient 5")
                .check(MAIN);
    }

    @Test
    void camel_stays_above_the_core() {
        noClasses()
                .that()
                .resideInAnyPackage(LEAD, FEED, CRM, WEB, STATE, SANDBOX)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel..")
                .because("the core is told Outcomes and can be tested without Camel")
                .check(MAIN);
    }

    @Test
    void only_web_and_sandbox_serve() {
        noClasses()
                .that()
                .resideOutsideOfPackages(WEB, SANDBOX)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..")
                .because("there is one HTTP server, and rooms above hand it pages; the sandbox has its own")
                .check(MAIN);
    }

    @Test
    void only_sandbox_takes_mail() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SANDBOX)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.icegreen..")
                .because("a bridge in production sends mail, and its stand-in alone is a mail server")
                .check(MAIN);
    }

    @Test
    void only_component_and_sandbox_speak_mail() {
        noClasses()
                .that()
                .resideOutsideOfPackages(COMPONENT, SANDBOX)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..", "org.apache.camel.component.mail..")
                .because("one room knows what a mail server's reply means")
                .check(MAIN);
    }

    @Test
    void only_cli_parses_arguments() {
        noClasses()
                .that()
                .resideOutsideOfPackage(CLI)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .because("rooms are used by tests and routes too, which have no command line")
                .check(MAIN);
    }
}
