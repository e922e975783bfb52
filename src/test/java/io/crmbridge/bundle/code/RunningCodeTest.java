package io.crmbridge.bundle.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.crmbridge.component.TestBridge;
import io.crmbridge.sandbox.Sandbox;
import io.crmbridge.sandbox.SandboxOptions;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bundle's code at work, and that nothing of it stays when it has ended. */
@Timeout(60)
class RunningCodeTest {
    @TempDir
    private Path folder;

    private Sandbox sandbox;

    @BeforeEach
    void begin() {
        sandbox = Sandbox.start(SandboxOptions.defaults());
    }

    @AfterEach
    void end() {
        sandbox.close();
    }

    private TestBridge bridge() throws IOException {
        JarOfSources.write(
                folder.resolve("bundle/lib/acme.jar"),
                Map.of(
                        "com/acme/Grade.java",
                        """
                        package com.acme;

                        public class Grade {
                            public int amount;

                            public static String of(Object amount) throws Exception {
                                return new com.fasterxml.jackson.databind.ObjectMapper()
                                                .readValue("{\\"amount\\":" + amount + "}", Grade.class).amount > 10
                                        ? "big" : "small";
                            }

                            public String grade(java.util.Map<String, Object> deal) throws Exception {
                                return of(deal.get("amount"));
                            }
                        }
                        """,
                        "com/acme/ShoutComponent.java",
                        """
                        package com.acme;

                        import org.apache.camel.*;
                        import org.apache.camel.support.*;

                        public class ShoutComponent extends DefaultComponent {
                            protected Endpoint createEndpoint(String uri, String rest, java.util.Map<String, Object> options) {
                                return new ProcessorEndpoint(uri, this, exchange -> exchange.getMessage()
                                        .setBody(exchange.getMessage().getBody(String.class).toUpperCase()));
                            }
                        }
                        """,
                        "META-INF/services/org/apache/camel/component/shout",
                        "class=com.acme.ShoutComponent\n",
                        "com/acme/MemoDriver.java",
                        """
                        package com.acme;

                        import java.sql.*;

                        public class MemoDriver implements Driver {
                            static {
                                try {
                                    DriverManager.registerDriver(new MemoDriver());
                                } catch (SQLException e) {
                                    throw new IllegalStateException(e);
                                }
                            }

                            public Connection connect(String url, java.util.Properties info) throws SQLException {
                                return acceptsURL(url) ? DriverManager.getConnection("jdbc:sqlite:" + url.substring(10)) : null;
                            }

                            public boolean acceptsURL(String url) {
                                return url.startsWith("jdbc:memo:");
                            }

                            public DriverPropertyInfo[] getPropertyInfo(String url, java.util.Properties info) {
                                return new DriverPropertyInfo[0];
                            }

                            public int getMajorVersion() {
                                return 1;
                            }

                            public int getMinorVersion() {
                                return 0;
                            }

                            public boolean jdbcCompliant() {
                                return false;
                            }

                            public java.util.logging.Logger getParentLogger() {
                                return null;
                            }
                        }
                        """,
                        "META-INF/services/java.sql.Driver",
                        "com.acme.MemoDriver\n"));
        return TestBridge.in(folder, sandbox)
                .set("bridge.datasource.memo.url", "jdbc:memo:" + folder.resolve("memo.db"))
                .write("routes/sales/Deals.java", """
                        package sales;

                        import com.acme.Grade;
                        import java.util.Map;
                        import org.apache.camel.builder.RouteBuilder;

                        public class Deals extends RouteBuilder {
                            @Override
                            public void configure() {
                                from("impactiveai:deals?delay=1h").routeId("graded-in-java")
                                        .process(e -> e.getMessage().setBody(
                                                Grade.of(e.getMessage().getBody(Map.class).get("amount")) + Suffix.TEXT))
                                        .to("mock:java");
                            }
                        }
                        """)
                .write("routes/sales/Suffix.java", """
                        package sales;

                        class Suffix {
                            static final String TEXT = " deal".concat("!");
                        }
                        """)
                .route("graded", "deals", "", """
                        - bean:
                            beanType: com.acme.Grade
                            method: grade
                        - to:
                            uri: shout:now
                        - to:
                            uri: mock:yaml
                        """)
                .route("kept", "deals", "", """
                        - to:
                            uri: "sql:CREATE TABLE IF NOT EXISTS memo (id text)"
                        - to:
                            uri: "sql:INSERT INTO memo VALUES (:#${body[id]})"
                            parameters:
                              noop: true
                        """)
                .start();
    }

    @Test
    void routes_in_java_and_in_yaml_use_the_classes_components_and_drivers_of_lib() throws IOException {
        try (TestBridge bridge = bridge()) {
            bridge.create("deals", Map.of("name", "Roof", "amount", 12));
            bridge.awaitDelivered("graded-in-java", 1);
            bridge.awaitDelivered("graded", 1);
            bridge.awaitDelivered("kept", 1);

            assertThat(bridge.mock("java").getExchanges().get(0).getMessage().getBody(String.class))
                    .isEqualTo("big deal!");
            assertThat(bridge.mock("yaml").getExchanges().get(0).getMessage().getBody(String.class))
                    .isEqualTo("BIG");
        }
        assertThat(folder.resolve("memo.db")).isNotEmptyFile();
    }

    @Test
    void nothing_of_it_stays_in_memory_when_it_has_ended() throws IOException {
        WeakReference<ClassLoader> loader = runAndEnd();

        await().atMost(Duration.ofSeconds(15)).until(() -> {
            System.gc();
            return loader.get() == null;
        });
    }

    private WeakReference<ClassLoader> runAndEnd() throws IOException {
        try (TestBridge bridge = bridge()) {
            bridge.create("deals", Map.of("name", "Roof", "amount", 12));
            bridge.awaitDelivered("graded-in-java", 1);
            bridge.awaitDelivered("graded", 1);
            bridge.awaitDelivered("kept", 1);
            ClassLoader loader = bridge.camel().getApplicationContextClassLoader();
            assertThat(loader).isInstanceOf(BundleLoader.class);
            return new WeakReference<>(loader);
        }
    }
}
