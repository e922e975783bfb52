package io.crmbridge.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/** Logs nothing, because a command tells all itself; unless CRM_BRIDGE_LOG asks for it. */
final class QuietLog extends TurboFilter {
    private QuietLog() {}

    static <T> T during(Supplier<T> work) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)
                || System.getenv("CRM_BRIDGE_LOG") != null) {
            return work.get();
        }
        QuietLog quiet = new QuietLog();
        context.addTurboFilter(quiet);
        try {
            return work.get();
        } finally {
            context.getTurboFilterList().remove(quiet);
        }
    }

    @Override
    public FilterReply decide(
            Marker marker, Logger logger, Level level, String format, Object[] values, Throwable failure) {
        return FilterReply.DENY;
    }
}
