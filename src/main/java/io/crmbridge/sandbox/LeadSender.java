package io.crmbridge.sandbox;

import jakarta.mail.MessagingException;
import java.io.IOException;

/** One way by which leads come in. */
interface LeadSender {
    /** Sends the next one, if there is one. What throws is sent again by the next call, before anything new. */
    void send() throws IOException, MessagingException;
}
