package io.crmbridge.component.inbox;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.FeedAddress;
import io.crmbridge.component.FeedConsumer;
import io.crmbridge.component.FeedOptions;
import io.crmbridge.component.FeedSource;
import io.crmbridge.component.NearestWord;
import io.crmbridge.feed.FeedRuntime;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Category;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Expression;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * A durable queue: entries come in over HTTP or from a route's step, are on disk before they are acknowledged, and every
 * route on the inbox gets each.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "inbox",
        title = "Inbox",
        syntax = "inbox:name",
        category = {Category.MESSAGING})
public class InboxEndpoint extends DefaultEndpoint implements MultipleConsumersSupport, FeedSource {
    private static final List<String> STARTS = List.of("beginning", "now");
    private static final String CSV = "csv";
    private static final String MAIL = "mail";
    private static final List<String> FORMATS = List.of(CSV, MAIL);

    private final BridgeServices services;

    @UriPath(
            description = "Name of the inbox. Its HTTP intake is POST /inbox/name, its schema schemas/name.schema.json")
    @Metadata(required = true)
    private String name;

    @UriParam(
            label = "producer",
            description = "Simple expression, with the entry as its body, for the key by which an entry is known: one"
                    + " with a key that came within bridge.inbox.name.dedupe is not appended again. An entry for which"
                    + " it is empty has no key. An expression with an ampersand, a plus or a percent sign in it is"
                    + " written RAW(expression)")
    private String key;

    @UriParam(
            label = "producer",
            enums = "csv,mail",
            description = "What the body is, if it is no entry or list of entries: csv is a CSV file, each good line of"
                    + " which is an entry; mail is a mail that an imap: or imaps: route got, with mapMailMessage=false"
                    + " on it")
    private String format;

    @UriParam
    private FeedOptions options = fromTheBeginning();

    InboxEndpoint(String uri, Component component, BridgeServices services) {
        super(uri, component);
        this.services = services;
    }

    /** What was accepted before a route was there waits for it. */
    private static FeedOptions fromTheBeginning() {
        FeedOptions options = new FeedOptions();
        options.setStartFrom(STARTS.get(0));
        return options;
    }

    /** @throws IllegalArgumentException when an option is not what it should be; names the nearest right word */
    void check() {
        rules();
        NearestWord.require("startFrom", options.getStartFrom(), STARTS);
        if (format != null) {
            NearestWord.require("format", format, FORMATS);
        }
        options.check(services.allowFastPoll());
        expression();
    }

    @Override
    public void checkSource() {
        if (format != null) {
            throw new IllegalArgumentException("inbox:%s: format is an option of a to: step".formatted(name));
        }
        if (key != null) {
            throw new IllegalArgumentException(
                    "inbox:%s: key is an option of a to: step; over HTTP the header Idempotency-Key is the key"
                            .formatted(name));
        }
    }

    InboxRules.Rules rules() {
        return services.inboxes().of(name);
    }

    private Optional<Expression> expression() {
        if (key == null) {
            return Optional.empty();
        }
        if (!key.contains("${")) {
            // Such a text would be the key of every entry.
            throw new IllegalArgumentException(
                    "key=%s looks at no field: write for example ${body[email]}".formatted(key));
        }
        try {
            return Optional.of(getCamelContext().resolveLanguage("simple").createExpression(key));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("key=%s is no simple expression: %s".formatted(key, e.getMessage()), e);
        }
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        FeedConsumer consumer = new FeedConsumer(
                this,
                processor,
                services,
                FeedRuntime.LOCAL,
                FeedRuntime.LOCAL,
                FeedAddress.ofInbox(name),
                options,
                FeedConsumer.Narrowing.NONE);
        configureConsumer(consumer);
        return consumer;
    }

    /** Each route has its own place in the inbox, also two whose options are the same. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return true;
    }

    @Override
    public Producer createProducer() {
        if (CSV.equals(format)) {
            return new CsvProducer(this, services, expression());
        }
        if (MAIL.equals(format)) {
            return new MailProducer(this, services, expression());
        }
        return new InboxProducer(this, services, expression());
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getKey() {
        return key;
    }

    public void setKey(String key) {
        this.key = key;
    }

    public String getFormat() {
        return format;
    }

    public void setFormat(String format) {
        this.format = format;
    }

    public FeedOptions getOptions() {
        return options;
    }

    public void setOptions(FeedOptions options) {
        this.options = options;
    }
}
