package io.crmbridge.cli;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.http.HttpMethods;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.dataformat.JsonLibrary;

/** What somebody would write in plain Camel: timer, http, split, http; no log, no key, no proof. */
final class BenchPlainCamel {
    private BenchPlainCamel() {}

    /** Arguments: server, path of the sink, warm-up, counted. */
    public static void main(String[] arguments) throws Exception {
        String server = arguments[0];
        String sink = arguments[1];
        long warmUp = Long.parseLong(arguments[2]);
        long counted = Long.parseLong(arguments[3]);
        AtomicLong delivered = new AtomicLong();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("timer:poll?period=1&delay=0")
                            .setHeader(Exchange.HTTP_METHOD, constant(HttpMethods.GET))
                            .to(server + "/plain")
                            .unmarshal()
                            .json(JsonLibrary.Jackson)
                            .split(body())
                            .marshal()
                            .json(JsonLibrary.Jackson)
                            .setHeader(Exchange.HTTP_METHOD, constant(HttpMethods.POST))
                            .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                            .to(server + sink)
                            .process(exchange -> delivered.incrementAndGet());
                }
            });
            context.start();
            BenchClock clock = new BenchClock();
            while (delivered.get() < warmUp) {
                LockSupport.parkNanos(1_000_000);
            }
            clock.begin(delivered.get());
            while (delivered.get() < warmUp + counted) {
                LockSupport.parkNanos(1_000_000);
            }
            clock.end(delivered.get());
        }
    }
}
