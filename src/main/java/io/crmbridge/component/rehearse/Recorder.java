package io.crmbridge.component.rehearse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.seda.SedaComponent;

/** Keeps what routes would have sent, in its order, and tells what they get in answer. Thread-safe. */
public final class Recorder {
    private final Function<Sent, Optional<Answer>> answers;
    private final ThreadLocal<Exchange> underway = new ThreadLocal<>();
    // Guarded by this.
    private final List<Sent> sent = new ArrayList<>();
    private int made;

    /** @param answers of what is sent; empty: whatever is usual. Called for one at a time */
    public Recorder(Function<Sent, Optional<Answer>> answers) {
        this.answers = answers;
    }

    /** With the usual answers: everything is accepted. */
    public static Recorder acceptingAll() {
        return new Recorder(sent -> Optional.empty());
    }

    /** Takes the place of all that endpoints reach outside. Before the routes are added. */
    public void register(CamelContext context) {
        context.addComponent("quartz", new RestingSchedule());
        // Its consumers look so often whether they shall stop.
        context.getComponent("seda", SedaComponent.class).setDefaultPollTimeout(10);
        context.getCamelContextExtension().registerEndpointCallback(new RecordedEndpoints(this));
    }

    synchronized Answer take(Sent one) {
        sent.add(one);
        return answers.apply(one).orElse(Answer.USUAL);
    }

    /** Everything so far. */
    public synchronized List<Sent> sent() {
        return List.copyOf(sent);
    }

    /** What came since this was asked last. */
    public synchronized List<Sent> drain() {
        List<Sent> since = List.copyOf(sent);
        sent.clear();
        return since;
    }

    /** Ids of what a CRM would have made, never the same twice. */
    synchronized String newId(String resource) {
        return "new-%s-%d".formatted(resource, ++made);
    }

    interface Work {
        void run() throws Exception;
    }

    /** What is taken meanwhile on this thread belongs to this exchange. */
    void during(Exchange exchange, Work work) throws Exception {
        Exchange before = underway.get();
        underway.set(exchange);
        try {
            work.run();
        } finally {
            underway.set(before);
        }
    }

    /** Empty where no step is under way, as in a poll. */
    Optional<Exchange> underway() {
        return Optional.ofNullable(underway.get());
    }
}
