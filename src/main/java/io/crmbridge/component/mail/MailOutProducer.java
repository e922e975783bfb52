package io.crmbridge.component.mail;

import io.crmbridge.component.Activity;
import io.crmbridge.component.Effect;
import io.crmbridge.component.TargetException;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.mail.JavaMailSender;
import org.apache.camel.component.mail.MailConstants;
import org.apache.camel.component.mail.MailProducer;

final class MailOutProducer extends MailProducer {
    private final MailOutEndpoint endpoint;
    private final Activity activity;
    private final Clock clock = Clock.systemUTC();

    MailOutProducer(MailOutEndpoint endpoint, JavaMailSender sender, Activity activity) {
        super(endpoint, sender);
        this.endpoint = endpoint;
        this.activity = activity;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            send(exchange);
        } catch (TargetException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private void send(Exchange exchange) throws TargetException {
        Optional<Effect> effect = Effect.of(exchange, endpoint.name());
        if (effect.isPresent() && effect.get().isDone()) {
            return;
        }
        Instant begun = clock.instant();
        JavaMailSender sender = getSender(exchange);
        MimeMessage mail = mail(exchange, sender, effect);
        try {
            sender.send(mail);
            exchange.getMessage().setHeader(MailConstants.MAIL_MESSAGE_ID, mail.getMessageID());
        } catch (SendFailedException e) {
            effect.ifPresent(it -> accepted(e, it));
            throw MailFailure.of(endpoint, e, recipients(mail));
        } catch (MessagingException e) {
            throw MailFailure.of(endpoint, e, 0);
        }
        effect.ifPresent(Effect::done);
        activity.effect(exchange, endpoint.name(), "sent", Duration.between(begun, clock.instant()));
    }

    private MimeMessage mail(Exchange exchange, JavaMailSender sender, Optional<Effect> effect) throws TargetException {
        Message message = exchange.getMessage();
        if (message.getBody() instanceof MimeMessage ready) {
            return ready;
        }
        String id = effect.map(Effect::key).orElseGet(() -> UUID.randomUUID().toString());
        OutMessage mail = new OutMessage(
                sender.getSession(),
                "<" + id + "@crm-bridge>",
                address -> effect.isPresent() && part(effect.get(), address).isDone());
        String alternativeHeader = endpoint.getConfiguration().getAlternativeBodyHeader();
        Object alternative = message.getHeader(alternativeHeader);
        try {
            endpoint.getBinding().populateMailMessage(endpoint, mail, exchange);
            for (Address address : mail.getAllRecipients()) {
                ((InternetAddress) address).validate();
            }
            return mail;
        } catch (MessagingException | IOException | IllegalArgumentException e) {
            throw MailFailure.notMade(endpoint, e);
        } finally {
            // Camel takes it away, and the next smtp: step needs it too.
            if (alternative != null) {
                message.setHeader(alternativeHeader, alternative);
            }
        }
    }

    private static int recipients(MimeMessage mail) {
        try {
            return mail instanceof OutMessage out ? out.everybody() : mail.getAllRecipients().length;
        } catch (MessagingException e) {
            throw new IllegalStateException("its recipients were read before it was sent", e);
        }
    }

    private static void accepted(SendFailedException failure, Effect effect) {
        Address[] sent = failure.getValidSentAddresses();
        for (Address address : sent == null ? new Address[0] : sent) {
            part(effect, address).done();
        }
    }

    private static Effect part(Effect effect, Address address) {
        return effect.part(((InternetAddress) address).getAddress().toLowerCase(Locale.ROOT));
    }
}
