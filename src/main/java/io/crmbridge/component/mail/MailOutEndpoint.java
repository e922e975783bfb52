package io.crmbridge.component.mail;

import io.crmbridge.component.BridgeServices;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Producer;
import org.apache.camel.component.mail.JavaMailSender;
import org.apache.camel.component.mail.MailBinding;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailConstants;
import org.apache.camel.component.mail.MailEndpoint;

final class MailOutEndpoint extends MailEndpoint {
    private final String server;
    private final Optional<MailSettings> settings;
    private MailBinding binding;

    /** @param settings present where the server is one of the configuration */
    MailOutEndpoint(
            String uri,
            MailOut component,
            MailConfiguration configuration,
            String server,
            Optional<MailSettings> settings) {
        super(uri, component, configuration);
        this.server = settings.isPresent() ? server : configuration.getHost();
        this.settings = settings;
        setHeaderFilterStrategy(new MailHeaders());
    }

    /** @throws IllegalArgumentException when an option is not what it should be */
    void check() {
        if (settings.isEmpty() && hasNoSender()) {
            throw new IllegalArgumentException("a mail needs a sender: set the option from");
        }
        MailConfiguration mail = getConfiguration();
        address("from", mail.getFrom());
        mail.getRecipients()
                .forEach((type, addresses) -> address(type.toString().toLowerCase(java.util.Locale.ROOT), addresses));
    }

    private static void address(String option, String addresses) {
        try {
            for (InternetAddress address : InternetAddress.parse(addresses.replace(';', ','))) {
                address.validate();
            }
        } catch (AddressException e) {
            throw new IllegalArgumentException(
                    "%s is no mail address: write for example jane@example.com or Jane Doe <jane@example.com>"
                            .formatted(option),
                    e);
        }
    }

    private boolean hasNoSender() {
        return getConfiguration().getFrom().equals(MailConstants.MAIL_DEFAULT_FROM)
                && !getConfiguration().isUseHeaderFrom();
    }

    /** Keys of the server that are to be set before it can send. */
    List<String> missing() {
        List<String> keys = new ArrayList<>();
        settings.ifPresent(known -> {
            String prefix = "bridge.mail." + server;
            if (known.host().isEmpty()) {
                keys.add(prefix + ".host");
            }
            if (hasNoSender()) {
                keys.add(prefix + ".from");
            }
            if (known.to().filter(String::isEmpty).isPresent()
                    && getConfiguration().getRecipients().isEmpty()) {
                keys.add(prefix + ".to");
            }
        });
        return keys;
    }

    @Override
    public Producer createProducer() throws Exception {
        if (!missing().isEmpty()) {
            throw new IllegalArgumentException(
                    "mail server \"%s\" cannot be used yet: set %s".formatted(server, String.join(", ", missing())));
        }
        return super.createProducer();
    }

    @Override
    public Producer createProducer(JavaMailSender sender) {
        return new MailOutProducer(
                this, sender, BridgeServices.of(getCamelContext()).activity());
    }

    @Override
    public MailBinding getBinding() {
        if (binding == null) {
            binding = new MailOutBinding(getHeaderFilterStrategy(), getContentTypeResolver());
        }
        return binding;
    }

    @Override
    public void setBinding(MailBinding binding) {
        this.binding = binding;
    }

    /** The server's name in the configuration, or its host. */
    String server() {
        return server;
    }

    /** What a person may set to mend a login: keys, or options of the route. */
    String login() {
        return settings.isPresent()
                ? "bridge.mail.%s.username and .password".formatted(server)
                : "the options username and password";
    }

    String encryption() {
        return settings.isPresent()
                ? "bridge.mail.%s.starttls=offered".formatted(server)
                : "the option mail.smtp.starttls.required=false";
    }

    /** As a route names it, without options and secrets; keys of effects are made of it. */
    String name() {
        return getConfiguration().getProtocol() + ":" + server;
    }
}
