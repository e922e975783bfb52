package io.crmbridge.component.rehearse;

import io.crmbridge.component.FeedSource;
import io.crmbridge.component.events.EventsEndpoint;
import io.crmbridge.component.export.ExportEndpoint;
import io.crmbridge.component.hook.HookEndpoint;
import io.crmbridge.component.impactiveai.ImpactiveAiEndpoint;
import io.crmbridge.component.inbox.InboxEndpoint;
import io.crmbridge.component.intellivizz.IntellivizzEndpoint;
import java.util.Optional;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.PollingConsumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.mail.MailEndpoint;
import org.apache.camel.component.sql.SqlEndpoint;
import org.apache.camel.http.common.HttpCommonEndpoint;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.service.ServiceHelper;

/** In the place of an endpoint that reaches outside; several routes may begin at it, as they may at a feed. */
final class RecordedEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {
    private final Endpoint real;
    private final Recorder recorder;

    RecordedEndpoint(Endpoint real, Recorder recorder) {
        // Without the component, which would set options on it that only the real one has.
        super(real.getEndpointUri(), null);
        setCamelContext(real.getCamelContext());
        this.real = real;
        this.recorder = recorder;
    }

    @Override
    public Producer createProducer() throws Exception {
        if (real instanceof MailEndpoint mail) {
            mail.getConfiguration().setJavaMailSender(new RecordedMails(recorder, name()));
            return new WatchedProducer(this, real.createProducer(), recorder);
        }
        if (real instanceof ImpactiveAiEndpoint || real instanceof IntellivizzEndpoint) {
            ServiceHelper.startService(real);
            return new WatchedProducer(this, real.createProducer(), recorder);
        }
        if (real instanceof InboxEndpoint inbox) {
            return new RecordedInbox(this, inbox.getName(), real.createProducer(), recorder);
        }
        return new RecordedProducer(this, target(), recorder);
    }

    private Target target() {
        if (real instanceof HookEndpoint hook) {
            return new HookTarget(hook);
        }
        if (real instanceof ExportEndpoint export) {
            return new ExportTarget(export);
        }
        if (real instanceof HttpCommonEndpoint http) {
            return new HttpTarget(http);
        }
        if (real instanceof SqlEndpoint sql) {
            return new SqlTarget(sql);
        }
        return real instanceof GenericFileEndpoint<?> file ? new FileTarget(file, name()) : new OtherTarget(name());
    }

    /** As a route writes it, without options. */
    private String name() {
        String uri = real.getEndpointUri();
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        return path.replaceFirst("://", ":");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        // Others may look for what is outside when they are made: a folder, a mailbox.
        boolean ofTheLog = real instanceof FeedSource || real instanceof EventsEndpoint;
        Optional<Consumer> feed = ofTheLog ? Optional.of(real.createConsumer(processor)) : Optional.empty();
        return new RestingConsumer(this, processor, feed);
    }

    /** For pollEnrich, which would else wait for ever: there is nothing. */
    @Override
    public PollingConsumer createPollingConsumer() {
        return new NothingToPoll(this);
    }

    @Override
    public boolean isMultipleConsumersSupported() {
        return true;
    }

    @Override
    public boolean isLenientProperties() {
        return true;
    }

    @Override
    public boolean isSingleton() {
        return real.isSingleton();
    }
}
