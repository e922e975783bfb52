package io.crmbridge.component.mail;

import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.component.mail.MailHeaderFilterStrategy;

/** Of a message's headers those go out that belong to mail: others may stem from a form, or from an answer of HTTP. */
final class MailHeaders extends MailHeaderFilterStrategy {
    private static final Set<String> OF_MAIL = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        OF_MAIL.addAll(Set.of(
                "Subject",
                "From",
                "Sender",
                "To",
                "Cc",
                "Bcc",
                "Reply-To",
                "In-Reply-To",
                "References",
                "Auto-Submitted",
                "Precedence",
                "Importance",
                "X-Priority",
                "List-Id",
                "List-Unsubscribe",
                "List-Unsubscribe-Post"));
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !OF_MAIL.contains(name) || super.applyFilterToCamelHeaders(name, value, exchange);
    }
}
