package io.crmbridge.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Logs to standard error: our own lines from INFO on (CRM_BRIDGE_LOG names another level), the parts' from WARN on. In code,
 * because parsing XML costs a seventh of a start. {@code -Dlogback.configurationFile=FILE} takes its place.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogConfiguration extends ContextAwareBase implements Configurator {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level %logger{0}: %msg%n%ex{short}";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            // That a driver of a bundle's lib/ is not registered with the DriverManager is as it should be.
            context.getLogger("com.zaxxer.hikari.util.DriverDataSource").setLevel(Level.ERROR);
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(PATTERN);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder);
        console.start();
        context.getLogger("ROOT").setLevel(Level.WARN);
        context.getLogger("ROOT").addAppender(console);
        context.getLogger("io.crmbridge").setLevel(Level.toLevel(System.getenv("CRM_BRIDGE_LOG"), Level.INFO));
        // The sandbox itself says what is wrong with its mail server, in a sentence.
        context.getLogger("com.icegreen.greenmail").setLevel(Level.OFF);
        // Camel would print the bodies of changes that a stop finds waiting behind an asynchronous step.
        context.getLogger("org.apache.camel.impl.engine.DefaultAsyncProcessorAwaitManager")
                .setLevel(Level.OFF);
        // Camel advises against "- to: hook:erp", twice at each start, and names a tool that is not there.
        context.getLogger("org.apache.camel.dsl.yaml.common.YamlDeserializerBase")
                .setLevel(Level.ERROR);
        // A connection that broke would be told with its statement, which holds values of records.
        context.getLogger("com.zaxxer.hikari.pool.ProxyConnection").setLevel(Level.OFF);
        // That a driver of a bundle's lib/ is not registered with the DriverManager is as it should be.
        context.getLogger("com.zaxxer.hikari.util.DriverDataSource").setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
