package io.crmbridge.component.mail;

import io.crmbridge.component.Outcomes;
import io.crmbridge.component.TargetException;
import io.crmbridge.feed.Outcome;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.util.MailConnectException;

/**
 * What a mail that did not go means. Addresses are told by their domain alone, and no exception of JavaMail is passed on,
 * because its text quotes them.
 */
final class MailFailure {
    private static final Pattern REPLY = Pattern.compile("(\\d{3})[ -].*", Pattern.DOTALL);
    private static final int LOGIN_REFUSED = 535;

    private MailFailure() {}

    /** The exchange makes no mail: the same will happen at each try. */
    static TargetException notMade(MailOutEndpoint endpoint, Exception failure) {
        String what = failure instanceof AddressException
                ? "a recipient or sender is no mail address, or a header names several beside a name"
                : failure instanceof IllegalArgumentException
                        ? "there is no recipient: set the option to, or the header To"
                        : "the mail cannot be made (%s)"
                                .formatted(failure.getClass().getSimpleName());
        String reason = "mail %s: %s".formatted(endpoint.server(), what);
        return new TargetException(new Outcome.Permanent(reason), reason, null);
    }

    /** @param recipients how many the mail has */
    static TargetException of(MailOutEndpoint endpoint, MessagingException failure, int recipients) {
        String server = "mail " + endpoint.server();
        if (failure instanceof AuthenticationFailedException) {
            Matcher reply = REPLY.matcher(String.valueOf(failure.getMessage()));
            return smtp(
                    reply.matches() ? Integer.parseInt(reply.group(1)) : LOGIN_REFUSED,
                    "%s: the server refused the login%s: check %s"
                            .formatted(server, reply.matches() ? " with " + reply.group(1) : "", endpoint.login()));
        }
        if (failure instanceof SMTPSenderFailedException sender) {
            return smtp(
                    sender.getReturnCode(),
                    "%s: the server answered %d to the sender: check from".formatted(server, sender.getReturnCode()));
        }
        if (failure instanceof SMTPSendFailedException sent && sent.getReturnCode() >= 400) {
            return smtp(sent.getReturnCode(), "%s: the server answered %d".formatted(server, sent.getReturnCode()));
        }
        List<SMTPAddressFailedException> refused = refused(failure);
        if (!refused.isEmpty()) {
            return recipients(server, refused, recipients);
        }
        // JavaMail has no type for it.
        if (String.valueOf(failure.getMessage()).startsWith("STARTTLS is required")) {
            String reason =
                    "%s: the server offers no STARTTLS, and the connection must be encrypted: use smtps: if it has a port for that, or allow the clear with %s"
                            .formatted(server, endpoint.encryption());
            return new TargetException(new Outcome.Refused(reason), reason, null);
        }
        return connection(endpoint, server, failure);
    }

    private static TargetException smtp(int reply, String reason) {
        return new TargetException(Outcomes.ofSmtp(reply, reason), reply, reason, null);
    }

    /** Those refused for now decide, because they may still be accepted. */
    private static TargetException recipients(String server, List<SMTPAddressFailedException> refused, int recipients) {
        Set<String> domains = new TreeSet<>();
        Set<Integer> replies = new TreeSet<>();
        refused.forEach(one -> {
            String address = one.getAddress().getAddress();
            domains.add(address.substring(address.lastIndexOf('@') + 1));
            replies.add(one.getReturnCode());
        });
        int reply = replies.iterator().next();
        String reason = "%s: the server answered %s to %d of %d recipients (%s)%s"
                .formatted(
                        server,
                        replies.toString().replaceAll("[\\[\\]]", ""),
                        refused.size(),
                        recipients,
                        String.join(", ", domains),
                        recipients > refused.size() ? "; the others have the mail and do not get it again" : "");
        return smtp(reply, reason);
    }

    private static List<SMTPAddressFailedException> refused(MessagingException failure) {
        List<SMTPAddressFailedException> refused = new ArrayList<>();
        for (Exception at = failure;
                at instanceof MessagingException;
                at = ((MessagingException) at).getNextException()) {
            if (at instanceof SMTPAddressFailedException one) {
                refused.add(one);
            }
        }
        return refused;
    }

    private static TargetException connection(MailOutEndpoint endpoint, String server, MessagingException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof IOException)) {
            cause = cause.getCause();
        }
        boolean unreached = failure instanceof MailConnectException || cause instanceof java.net.UnknownHostException;
        String reason = "%s: %s %s:%d (%s)"
                .formatted(
                        server,
                        unreached ? "no connection to" : "the connection failed with",
                        endpoint.getConfiguration().getHost(),
                        endpoint.getConfiguration().getPort(),
                        cause.getClass().getSimpleName());
        return new TargetException(new Outcome.Passing(reason, Optional.empty()), reason, null);
    }
}
