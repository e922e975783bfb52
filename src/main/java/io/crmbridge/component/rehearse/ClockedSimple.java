package io.crmbridge.component.rehearse;

import java.time.Clock;
import java.util.Date;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Predicate;
import org.apache.camel.language.simple.SimpleLanguage;

/**
 * Simple whose {@code ${date:now}} tells the time of a rehearsal, where Camel's asks the machine. Bound as {@link #NAME} before the
 * context is made, which keeps the language that it finds first. Thread-safe.
 */
public final class ClockedSimple extends SimpleLanguage {
    public static final String NAME = "simple-language";

    private static final String NOW = "crmRehearsalNow";
    private static final Pattern TOLD = Pattern.compile("\\$\\{(date|date-with-timezone):now\\b");

    private final Clock clock;

    public ClockedSimple(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Predicate createPredicate(String expression) {
        return asksForTime(expression)
                ? new ClockedPredicate(super.createPredicate(timed(expression)))
                : super.createPredicate(expression);
    }

    @Override
    public Expression createExpression(String expression) {
        return asksForTime(expression)
                ? new ClockedExpression(super.createExpression(timed(expression)))
                : super.createExpression(expression);
    }

    private static boolean asksForTime(String expression) {
        return expression != null && TOLD.matcher(expression).find();
    }

    private static String timed(String expression) {
        return TOLD.matcher(expression).replaceAll("\\${$1:exchangeProperty." + NOW);
    }

    private void tell(Exchange exchange) {
        exchange.setProperty(NOW, Date.from(clock.instant()));
    }

    private final class ClockedPredicate implements Predicate {
        private final Predicate real;

        ClockedPredicate(Predicate real) {
            this.real = real;
        }

        @Override
        public void init(CamelContext context) {
            real.init(context);
        }

        @Override
        public boolean matches(Exchange exchange) {
            tell(exchange);
            return real.matches(exchange);
        }
    }

    private final class ClockedExpression implements Expression {
        private final Expression real;

        ClockedExpression(Expression real) {
            this.real = real;
        }

        @Override
        public void init(CamelContext context) {
            real.init(context);
        }

        @Override
        public <T> T evaluate(Exchange exchange, Class<T> type) {
            tell(exchange);
            return real.evaluate(exchange, type);
        }
    }
}
