package io.crmbridge.component.mail;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.mail.MailSettings.StartTls;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailEndpointConfigurer;
import org.apache.camel.spi.PropertyConfigurer;

/** Camel's {@code smtp:} and {@code smtps:} with the bridge's settings and defaults; every option of theirs counts. */
public final class MailOut extends MailComponent {
    private static final String UTF8_TEXT = "text/plain; charset=UTF-8";

    private MailOut() {}

    /** Puts it in the place of Camel's own; before the routes are added. */
    public static void register(CamelContext context) {
        for (String scheme : List.of("smtp", "smtps")) {
            context.addComponent(scheme, new MailOut());
        }
    }

    /** The keys to set before an endpoint can send; empty where nothing is missing, or the endpoint cannot be made. */
    public static List<String> missing(CamelContext context, String uri) {
        try {
            return context.getEndpoint(uri) instanceof MailOutEndpoint endpoint ? endpoint.missing() : List.of();
        } catch (RuntimeException e) {
            // Told as a finding.
            return List.of();
        }
    }

    @Override
    public PropertyConfigurer getEndpointPropertyConfigurer() {
        return new MailEndpointConfigurer();
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Optional<MailSettings> named =
                BridgeServices.of(getCamelContext()).mails().apply(remaining);
        MailSettings settings = named.orElse(MailSettings.NONE);
        MailConfiguration mail = getConfiguration().copy();
        settings.port().ifPresent(mail::setPort);
        mail.configure(new URI(uri));
        settings.host().ifPresent(mail::setHost);
        settings.username().ifPresent(mail::setUsername);
        settings.password().ifPresent(password -> mail.setPassword(password.value()));
        settings.from().ifPresent(mail::setFrom);
        mail.setContentType(UTF8_TEXT);
        mail.setConnectionTimeout(Math.toIntExact(settings.timeout().toMillis()));
        mail.setSslContextParameters(retrieveGlobalSslContextParameters());

        MailOutEndpoint endpoint = new MailOutEndpoint(uri, this, mail, remaining, named);
        Properties additional = new Properties();
        additional.putAll(mail.getAdditionalJavaMailProperties());
        mail.setAdditionalJavaMailProperties(additional);
        parameters.forEach((name, value) -> {
            if (name.startsWith("mail.")) {
                additional.put(name, value);
            }
        });
        parameters.keySet().removeIf(name -> name.startsWith("mail."));
        setProperties(endpoint, parameters);
        if (mail.getRecipients().isEmpty()) {
            settings.to()
                    .filter(to -> !to.isEmpty())
                    .ifPresentOrElse(mail::setTo, () -> mail.setUseHeaderRecipients(true));
        }
        String prefix = "mail." + mail.getProtocol() + ".";
        StartTls startTls =
                settings.startTls().orElse(mail.getUsername() == null ? StartTls.OFFERED : StartTls.REQUIRED);
        additional.putIfAbsent(prefix + "starttls.enable", Boolean.toString(startTls != StartTls.NEVER));
        additional.putIfAbsent(prefix + "starttls.required", Boolean.toString(startTls == StartTls.REQUIRED));
        additional.putIfAbsent(prefix + "writetimeout", String.valueOf(mail.getConnectionTimeout()));
        // Who is accepted gets the mail, also where another recipient is refused.
        additional.putIfAbsent(prefix + "sendpartial", "true");
        endpoint.check();
        return endpoint;
    }
}
