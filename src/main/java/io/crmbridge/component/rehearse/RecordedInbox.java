package io.crmbridge.component.rehearse;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.component.BridgeServices;
import io.crmbridge.state.Change;
import io.crmbridge.state.ChangeLog;
import java.io.IOException;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.service.ServiceHelper;

/** Appends to the scratch store's inbox, and records each entry that is new in it. */
final class RecordedInbox extends DefaultProducer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Producer real;
    private final Recorder recorder;

    RecordedInbox(Endpoint endpoint, String name, Producer real, Recorder recorder) {
        super(endpoint);
        this.name = name;
        this.real = real;
        this.recorder = recorder;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        ChangeLog log =
                BridgeServices.of(exchange.getContext()).store().orElseThrow().log();
        // So that no other step's entries come in between.
        synchronized (recorder) {
            long before = log.head();
            real.process(exchange);
            for (long seq = before + 1; seq <= log.head(); seq++) {
                log.get(seq).ifPresent(entry -> appended(exchange, entry));
            }
        }
    }

    private void appended(Exchange exchange, Change entry) {
        try {
            recorder.take(Target.sent(exchange, "inbox:" + name, Sent.Kind.INBOX, "", JSON.readTree(entry.body())));
        } catch (IOException e) {
            throw new IllegalStateException("an entry in the log is no JSON", e);
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ServiceHelper.startService(real);
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopService(real);
        super.doStop();
    }
}
